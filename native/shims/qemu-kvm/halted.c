/* SPDX-License-Identifier: MIT
 *
 * Parking halted: the vCPU waits inside KVM_RUN as after HLT, so that KVM wakes it for any interrupt that the guest can take.
 *
 * Then the guest runs on at once: the interrupt, the return of its hypercall, and what follows, all in the same KVM_RUN. This shim
 * gets its turn at the next exit and learns what happened from KVM_GET_MP_STATE: HALTED means that the vCPU never left, so a timer or
 * waker or kick ended the wait; anything else, that the guest ran. HALTED may also be a HLT that the guest itself executed
 * later on: KVM's count of those tells the two apart.
 */
#include <errno.h>
#include <stddef.h>

#include "interpose.h"
#include "lead.h"
#include "points.h"
#include "run.h"
#include "service.h"
#include "stats.h"
#include "wakeup.h"

static int set_mp_state(const struct vcpu *vcpu, uint32_t state)
{
    struct kvm_mp_state mp = {.mp_state = state};
    return vmrpc_real_ioctl(vcpu->fd, KVM_SET_MP_STATE, &mp);
}

static int is_in_our_halt(const struct vcpu *vcpu, uint64_t halts)
{
    struct kvm_mp_state mp;
    return vmrpc_real_ioctl(vcpu->fd, KVM_GET_MP_STATE, &mp) == 0 && mp.mp_state == KVM_MP_STATE_HALTED && vmrpc_stats_halts(vcpu) == halts;
}

/* From here on the waker signals. Whoever moved the event before that is seen by the look that follows. */
static void show(struct vcpu *vcpu)
{
    vcpu->signalled = 0;
    __atomic_store_n(&vcpu->halted, VCPU_WAITS, __ATOMIC_SEQ_CST);
    __atomic_thread_fence(__ATOMIC_SEQ_CST); /* partner: the waker's loads, event before `halted`; waker.c */
}

static void hide(struct vcpu *vcpu) { __atomic_store_n(&vcpu->halted, VCPU_RUNS, __ATOMIC_RELEASE); }

static int is_over(struct vmrpc_park *park) { return vmrpc_park_is_over(park) || vmrpc_park_is_due(park); }

/* KVM_RUN until it returns. 0 or -errno. */
static int halt(struct vcpu *vcpu, const struct vmrpc_park *park)
{
    vmrpc_wakeup_at(vcpu, vmrpc_lead_end(vcpu, park));
    POINT(POINT_ARMED);
    int answer = vmrpc_run_unless(vcpu->fd, &vcpu->signalled);
    POINT(POINT_RETURNED);
    hide(vcpu);
    vmrpc_wakeup_cancel(vcpu);
    POINT(POINT_HIDDEN);
    return answer;
}

static enum after_park hand_over(const struct vcpu *vcpu, int answer)
{
    if (answer == 0)
        return AFTER_EXIT;
    if (answer == -EINTR && (vcpu->signalled || vmrpc_kick_is_pending(vcpu)))
        return AFTER_ENTER;
    errno = -answer;
    return AFTER_ERROR;
}

static enum after_park wait_halted(struct vcpu *vcpu, struct vmrpc_park *park)
{
    uint64_t halts = vmrpc_stats_halts(vcpu);
    enum after_park after = AFTER_ENTER;
    int is_timed = 0;
    for (int halted = 0;; halted = 1) {
        show(vcpu);
        POINT(POINT_SHOWN);
        if (is_over(park)) {
            hide(vcpu);
            if (!halted)
                return AFTER_ENTER;
            break;
        }
        if (!halted) {
            vmrpc_park_foretell(park);
            POINT(POINT_FORETOLD);
            if (set_mp_state(vcpu, KVM_MP_STATE_HALTED) != 0) {
                hide(vcpu);
                vmrpc_service_stop_halting("KVM_SET_MP_STATE(HALTED) failed");
                park->reason = VMRPC_WAKE_KICK;
                return AFTER_ENTER;
            }
            POINT(POINT_MP_STATE);
        }
        int answer = halt(vcpu, park);
        if (!is_in_our_halt(vcpu, halts)) {
            park->reason = VMRPC_WAKE_INTERRUPT;
            return hand_over(vcpu, answer);
        }
        if (answer == -EINTR && vmrpc_park_is_over(park))
            break;
        is_timed = answer == -EINTR && vmrpc_monotonic_ns() >= vmrpc_lead_end(vcpu, park);
        if (is_timed)
            break;
        if (answer == -EINTR && vcpu->signalled)
            continue; /* a signal of an earlier park */
        /* An exit without a step of the guest, or a signal of someone else: the VMM is to see it. */
        park->reason = VMRPC_WAKE_KICK;
        after = hand_over(vcpu, answer);
        break;
    }
    POINT(POINT_JUDGED);
    set_mp_state(vcpu, KVM_MP_STATE_RUNNABLE);
    POINT(POINT_RUNNABLE);
    if (is_timed)
        vmrpc_lead_spin(vcpu, park);
    return after;
}

enum after_park vmrpc_halted_park(struct vcpu *vcpu, struct vmrpc_shim *shim)
{
    struct vmrpc_park park;
    enum after_park after = AFTER_ENTER;
    if (vmrpc_park_begin(shim, vcpu->slot, &park)) {
        POINT(POINT_BEGUN);
        if (vmrpc_wakeup_bind(vcpu, &park) == 0) {
            after = wait_halted(vcpu, &park);
        } else {
            vmrpc_service_stop_halting("no timer or thread for a halted wait");
            park.reason = VMRPC_WAKE_KICK;
        }
    }
    int saved = errno; /* of AFTER_ERROR */
    vmrpc_park_end(&park);
    errno = saved;
    return after;
}
