/* SPDX-License-Identifier: MIT
 *
 * Places in a park where a test can let something happen: a kick, an event, a deadline. Nothing in production.
 */
#ifndef VMRPC_KVM_POINTS_H
#define VMRPC_KVM_POINTS_H

enum point {
    POINT_BEFORE_PARK,    /* the exit is ours, nothing was done yet */
    POINT_BEGUN,          /* the slot was read, nothing is over */
    POINT_SHOWN,          /* `halted` is stored: wakers signal from here on */
    POINT_FORETOLD,       /* the slot line says INTERRUPT */
    POINT_MP_STATE,       /* KVM holds the vCPU for halted */
    POINT_ARMED,          /* the timer runs; KVM_RUN comes next */
    POINT_RETURNED,       /* KVM_RUN returned, `halted` is still stored */
    POINT_HIDDEN,         /* wakers do not signal any more */
    POINT_JUDGED,         /* the reason is known, KVM may still hold the vCPU for halted */
    POINT_RUNNABLE,       /* KVM holds the vCPU for runnable again */
    POINT_ENDED,          /* the slot line says why; KVM_RUN comes next */
    POINT_COUNT
};

#ifdef VMRPC_TEST_POINTS
void vmrpc_test_point(enum point point);
#define POINT(point) vmrpc_test_point(point)
#else
#define POINT(point) ((void)0)
#endif

#endif
