/* SPDX-License-Identifier: MIT
 *
 * Parking in a futex, in user space: the guest's interrupts wait until the slice ends where KVM has the local APIC, because KVM has
 * nobody to wake then. The VMM's kick is a signal whose handler sets immediate_exit; the futex compares that byte's word (PRIVATE:
 * the run page has no inode that a shared futex could use), and the signal ends the wait.
 */
#include "lead.h"
#include "points.h"
#include "run.h"

void vmrpc_futex_park(struct vcpu *vcpu, struct vmrpc_shim *shim)
{
    struct vmrpc_park park;
    if (vmrpc_park_begin(shim, vcpu->slot, &park)) {
        POINT(POINT_BEGUN);
        int64_t until_ns = park.until_ns;
        park.until_ns = vmrpc_lead_end(vcpu, &park);
        vmrpc_park_wait(&park);
        park.until_ns = until_ns;
        if (park.reason == park.reason_at_until)
            vmrpc_lead_spin(vcpu, &park);
        POINT(POINT_JUDGED);
    }
    vmrpc_park_end(&park);
}
