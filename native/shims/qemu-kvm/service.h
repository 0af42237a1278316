/* SPDX-License-Identifier: MIT */
#ifndef VMRPC_KVM_SERVICE_H
#define VMRPC_KVM_SERVICE_H

#include "vcpu.h"

/* A VM gets its first vCPU: opens the region that the environment names for it, and chooses how to park. The first VM of the process
 * has the region for good. Any thread. */
void vmrpc_service_attach(struct vm *vm);

struct vmrpc_shim *vmrpc_service_of(const struct vm *vm); /* NULL: its vCPUs do not park */
enum vmrpc_park_mode vmrpc_service_park_mode(void);

/* KVM refused to halt a vCPU: every park is a futex wait in slices from now on. */
void vmrpc_service_stop_halting(const char *why);

void vmrpc_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
