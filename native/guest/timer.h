/* SPDX-License-Identifier: Apache-2.0
 *
 * Timers by long poll: the park's own deadline ends it, no agent is asked (R35).
 */
#ifndef GUEST_TIMER_H
#define GUEST_TIMER_H

#include "memory.h"
#include "park.h"

struct timer {
    int64_t next_ns; /* host time */
    uint64_t period_ns;
    uint32_t missed; /* expirations that had passed when the timer was waited for */
};

/* Parks until the next expiration and measures how late that was. Returns how many parks it took. The schedule is absolute:
 * lateness of one expiration does not shift the next. */
uint32_t timer_await(struct timer *timer, struct vcpu *vcpu, struct sample *sample);

#endif
