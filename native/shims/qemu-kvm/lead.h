/* SPDX-License-Identifier: MIT
 *
 * The lead. From the timer's expiration until the vCPU may run again there is a thread to be woken and, after a halt, a signal and two
 * requests to KVM: tens of microseconds where those are slow. So a wait for a deadline ends that much earlier, and what is left
 * then is spun away, with the vCPU runnable already. Events and kicks end that spinning too; interrupts wait for it.
 */
#ifndef VMRPC_KVM_LEAD_H
#define VMRPC_KVM_LEAD_H

#include "vcpu.h"

/* When a wait for park's end has to end: before its deadline, but exactly with a slice or bound, where nobody waits for the moment. */
int64_t vmrpc_lead_end(const struct vcpu *vcpu, const struct vmrpc_park *park);

/* The wait has ended and the vCPU is runnable: learns how long that took, and sets the park's reason at its time. */
void vmrpc_lead_spin(struct vcpu *vcpu, struct vmrpc_park *park);

#endif
