/* SPDX-License-Identifier: Apache-2.0 */
#include "timer.h"

/* How late it is by either clock. The shim's word that the time has come counts more than our scaled time stamp; where a slice or an interrupt
 * ended the last park shortly before the deadline, the deadline may pass on the way into the next one. */
static int has_expired(const struct vcpu *vcpu, int64_t deadline_ns, struct sample *sample)
{
    sample->wake_ns = vcpu->last.returned_ns - deadline_ns;
    sample->late_ns = clock_host_ns(&vcpu->clock, vcpu->last.after) - deadline_ns;
    if (sample->wake_ns < 0)
        sample->wake_ns = sample->late_ns = host_now(vcpu) - deadline_ns;
    return sample->wake_ns >= 0;
}

uint32_t timer_await(struct timer *timer, struct vcpu *vcpu, struct sample *sample)
{
    uint32_t parks = 0;
    do {
        park(vcpu, 0, 0, timer->next_ns, 0);
        parks++;
    } while (!has_expired(vcpu, timer->next_ns, sample));
    int64_t now_ns = timer->next_ns + sample->wake_ns;
    timer->next_ns += (int64_t)timer->period_ns;
    while (timer->period_ns && timer->next_ns <= now_ns) {
        timer->next_ns += (int64_t)timer->period_ns;
        timer->missed++;
    }
    return parks;
}
