/* SPDX-License-Identifier: Apache-2.0
 *
 * For programs that do know VMRPC: a thread of the shared real-time CPU waits for the vCPU's event counter, which the agent moves with a completion, or for a
 * time. The Java library finds these two by name in a process that vmrpc run has started.
 */
#include "preload.h"

int vmrpc_shared_slot(void);
int vmrpc_shared_await(int64_t deadline_ns, int event);

/* The slot that the agent is to wake, or -1: the calling thread is not on the shared CPU, or the service is not there. */
EXPORT int vmrpc_shared_slot(void) { return session_serves() ? (int)session_slot() : -1; }

/* Waits until the counter is not `event` or CLOCK_MONOTONIC is deadline_ns (INT64_MAX: never); may return for no reason. -1: not served. */
EXPORT int vmrpc_shared_await(int64_t deadline_ns, int event)
{
    if (!session_serves() || direct_owns() || !self_has_timer())
        return -1;
    self_begin();
    self_arm_event(deadline_ns, (uint32_t)event);
    enum outcome outcome = self_wait(NULL, 0, 0);
    self_end();
    return outcome == WAIT_LOST ? -1 : 0;
}
