/* SPDX-License-Identifier: Apache-2.0
 *
 * Ordinary threads keep a part of the CPU beside a real-time thread that never stops computing. The kernel's own protections (RT throttling,
 * the fair server) do that on most kernels, not on all; this one asks nothing of them.
 *
 * The guard is a process of its own, at the highest real-time priority, on other CPUs than the thread's if it may use any. When the thread
 * had the CPU for SHARE percent of a second, it is made SCHED_IDLE for the rest of that second, and then gets its scheduling back. Each time, a line
 * "demoted COUNT MILLISECONDS" (how often so far, how long the thread ran) goes to stdout, unless nobody reads there.
 */
#ifndef VMRPC_GUARD_H
#define VMRPC_GUARD_H

#include <sys/types.h>

struct guard {
    pid_t pid; /* 0: there is none */
    int alive; /* a pipe: end of file there means that the guard has ended */
};

/* thread is its folder in /proc. Returns 0, or -1 with a line on stderr. */
int guard_start(struct guard *guard, int thread, int tid, int share);

/* Returns when the guard is gone. The thread may be SCHED_IDLE then. */
void guard_stop(struct guard *guard);

#endif
