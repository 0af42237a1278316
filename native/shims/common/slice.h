/* SPDX-License-Identifier: MIT */
#ifndef VMRPC_SLICE_H
#define VMRPC_SLICE_H

#include <stdint.h>

/* The length of a slice as users give it: 10 to 1000000, in microseconds. 0, or -1 if the text is anything else. */
int vmrpc_slice_parse(const char *text, int64_t *slice_ns);

#endif
