/* SPDX-License-Identifier: MIT
 *
 * The lead follows the median of what a wake takes, in small steps, so that a late one now and then does not move it.
 */
#include "lead.h"

#define STEP_NS 250
#define MOST_NS 50000 /* bounds the CPU time that a park may spin */

int64_t vmrpc_lead_end(const struct vcpu *vcpu, const struct vmrpc_park *park)
{
    return park->until_ns - (park->reason_at_until == VMRPC_WAKE_DEADLINE ? vcpu->lead_ns : 0);
}

void vmrpc_lead_spin(struct vcpu *vcpu, struct vmrpc_park *park)
{
    if (park->reason_at_until == VMRPC_WAKE_DEADLINE) {
        int64_t took_ns = vmrpc_monotonic_ns() - vmrpc_lead_end(vcpu, park);
        int64_t lead_ns = vcpu->lead_ns + (took_ns > vcpu->lead_ns ? STEP_NS : -STEP_NS);
        vcpu->lead_ns = lead_ns < 0 ? 0 : lead_ns > MOST_NS ? MOST_NS : lead_ns;
    }
    while (!vmrpc_park_is_over(park) && !vmrpc_park_is_due(park))
        __builtin_ia32_pause();
}
