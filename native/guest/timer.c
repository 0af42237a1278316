/* SPDX-License-Identifier: Apache-2.0 */
#include "timer.h"

/* The shim's clock is the deadline's own, so its word that the time has come counts more than our scaled time stamp. */
static int has_expired(const struct vcpu *vcpu, int64_t deadline_ns)
{
    return vcpu->last.returned_ns >= deadline_ns || host_now(vcpu) >= deadline_ns;
}

uint32_t timer_await(struct timer *timer, struct vcpu *vcpu, struct sample *sample)
{
    uint32_t parks = 0;
    do {
        park(vcpu, 0, 0, timer->next_ns, 0);
        parks++;
    } while (!has_expired(vcpu, timer->next_ns));
    sample->late_ns = clock_host_ns(&vcpu->clock, vcpu->last.after) - timer->next_ns;
    sample->wake_ns = vcpu->last.returned_ns - timer->next_ns;
    timer->next_ns += (int64_t)timer->period_ns;
    while (timer->period_ns && timer->next_ns <= vcpu->last.returned_ns) {
        timer->next_ns += (int64_t)timer->period_ns;
        timer->missed++;
    }
    return parks;
}
