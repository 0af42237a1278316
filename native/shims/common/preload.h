/* SPDX-License-Identifier: MIT */
#ifndef VMRPC_PRELOAD_H
#define VMRPC_PRELOAD_H

/* Takes this library out of LD_PRELOAD, so that programs which the VMM starts (network scripts) run without it. To be called only
 * in the VMM itself: a wrapper such as taskset must pass it on. Keeps what else is preloaded. */
void vmrpc_preload_spare_children(void);

#endif
