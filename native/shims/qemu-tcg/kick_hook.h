/* SPDX-License-Identifier: MIT */
#ifndef VMRPC_KICK_HOOK_H
#define VMRPC_KICK_HOOK_H

#include "vmrpc_shim.h"

/* 1 if this library was preloaded, so that QEMU's calls of pthread_cond_broadcast pass through it. */
int vmrpc_kick_hook_in_force(void);

/* From now on a kick of the calling vCPU thread's halt_cond reaches `slot`. 0, or -1: this thread's halt_cond is unknown
 * or another slot's, so kicks would be lost. */
int vmrpc_kick_hook_bind(struct vmrpc_shim *shim, unsigned slot);

#endif
