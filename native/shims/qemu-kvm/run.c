/* SPDX-License-Identifier: MIT
 *
 * The loop around KVM_RUN, and which exits are ours.
 *
 * Completing the `out`. KVM may leave an exit for port output with work to do at the next entry (arch.complete_userspace_io, which
 * moves RIP past the instruction). KVM_RUN does that first, whatever follows: also when immediate_exit is set, in which case it
 * then returns EINTR without entering the guest, and also when the vCPU is halted. So the way out of every park is one more
 * KVM_RUN. If the VMM's kick is pending (immediate_exit), that KVM_RUN completes the instruction and answers the VMM's EINTR
 * by itself; this shim never makes up an EINTR, and never lets one go with the instruction half done.
 */
#include "run.h"

#include <errno.h>
#include <stddef.h>

#include "interpose.h"
#include "points.h"
#include "service.h"

int vmrpc_kick_is_pending(const struct vcpu *vcpu) { return vcpu->run && __atomic_load_n(&vcpu->run->immediate_exit, __ATOMIC_RELAXED) != 0; }

/* The hypercall's number, or 0: an exit of the VMM's. */
static uint32_t hypercall(const struct vcpu *vcpu)
{
    const struct kvm_run *run = vcpu->run;
    if (run->exit_reason != KVM_EXIT_IO || run->io.port != VMRPC_PORT || run->io.direction != KVM_EXIT_IO_OUT || run->io.size != 4 || run->io.count != 1)
        return 0;
    uint32_t number = *(const uint32_t *)(const void *)((const char *)run + run->io.data_offset);
    return number == VMRPC_CALL_PARK || number == VMRPC_CALL_DOORBELL ? number : 0;
}

static enum after_park park(struct vcpu *vcpu, struct vmrpc_shim *shim)
{
    if (vcpu->slot >= vmrpc_shim_slots(shim))
        return AFTER_ENTER; /* no line to say so: the guest sees `acks` unmoved */
    _Static_assert(offsetof(struct kvm_run, immediate_exit) == 1, "the second byte of kvm_run's first word");
    vmrpc_shim_watch_kicks(shim, vcpu->slot, (const uint32_t *)(const void *)vcpu->run, 0xff00u);
    POINT(POINT_BEFORE_PARK);
    enum after_park after = AFTER_ENTER;
    if (vmrpc_service_park_mode() == VMRPC_PARK_HALTED)
        after = vmrpc_halted_park(vcpu, shim);
    else
        vmrpc_futex_park(vcpu, shim);
    POINT(POINT_ENDED);
    return after;
}

int vmrpc_run(struct vcpu *vcpu, void *argument)
{
    for (;;) {
        vcpu->signalled = 0;
        if (vmrpc_real_ioctl(vcpu->fd, KVM_RUN, argument) != 0) {
            if (errno == EINTR && vcpu->signalled && !vmrpc_kick_is_pending(vcpu))
                continue; /* our timer or waker, too late for its park */
            return -1;
        }
        enum after_park after = AFTER_EXIT;
        while (after == AFTER_EXIT) {
            struct vmrpc_shim *shim = vmrpc_service_of(vcpu->vm);
            uint32_t number = shim && vcpu->run ? hypercall(vcpu) : 0;
            if (number == 0)
                return 0;
            if (number == VMRPC_CALL_PARK) {
                after = park(vcpu, shim);
            } else {
                vmrpc_shim_doorbell(shim);
                after = AFTER_ENTER;
            }
        }
        if (after == AFTER_ERROR)
            return -1;
    }
}
