/* SPDX-License-Identifier: MIT */
#ifndef VMRPC_KVM_SETTINGS_H
#define VMRPC_KVM_SETTINGS_H

#include <stddef.h>
#include <stdint.h>

enum park_choice { PARK_AUTO, PARK_HALTED, PARK_FUTEX };

struct settings {
    const char *region; /* NULL: nothing to serve */
    const char *socket; /* NULL: beside the region */
    enum park_choice park;
    int64_t slice_ns;
};

/* From VMRPC_REGION, VMRPC_SOCKET, VMRPC_PARK and VMRPC_SLICE_US. 0, or -1 with one sentence in `error`. The strings are the
 * environment's. */
int vmrpc_settings_read(struct settings *settings, char *error, size_t n);

#endif
