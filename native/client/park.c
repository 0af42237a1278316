/* SPDX-License-Identifier: Apache-2.0 */
#include "park.h"

#include "cpu.h"
#include "hypercall.h"

#define CALIBRATION_NS 100000000
#define TRIES 16

void vcpu_bind(struct vcpu *vcpu, const struct region *region, uint32_t index)
{
    vcpu->index = index;
    vcpu->instruction = region->header->shim.instruction;
    vcpu->slot = region_slot(region, index);
    vcpu->acks = load_acquire64(&vcpu->slot->shim.acks);
}

void park_arm(struct vcpu *vcpu, uint32_t expected, int64_t deadline_ns, uint32_t flags)
{
    volatile struct vmrpc_slot_guest_line *line = &vcpu->slot->guest;
    line->expected = expected; /* G3 */
    line->deadline_ns = deadline_ns;
    line->flags = flags;
    store_release32(&line->armed, 1); /* G4 */
    full_fence(); /* G5; partner: A3, the agent's fence between event + 1 and its look at `armed` */
}

uint32_t park_event(const struct vcpu *vcpu)
{
    return load_acquire32(&vcpu->slot->agent.event); /* G1; partner: A2, the agent's release of event + 1 */
}

enum park_outcome park_disarm(struct vcpu *vcpu, uint64_t before, uint64_t after)
{
    volatile struct vmrpc_slot_shim_line *line = &vcpu->slot->shim;
    uint64_t acks = load_acquire64(&line->acks); /* partner: the shim's release, its last store */
    store_release32(&vcpu->slot->guest.armed, 0); /* G8 */
    if (acks == vcpu->acks)
        return PARK_UNANSWERED;
    vcpu->acks = acks;
    vcpu->last = (struct observation){.before = before, .after = after, .entered_ns = line->entered_ns, .returned_ns = line->returned_ns};
    uint32_t reason = line->reason;
    if (reason <= VMRPC_WAKE_INTERRUPT)
        vcpu->reasons[reason]++;
    /* R44: returned_ns of an INTERRUPT is when the vCPU halted, so it bounds the clock no worse, only more loosely. */
    if (vcpu->clock.ns_per_tick)
        clock_observe(&vcpu->clock, &vcpu->last);
    return PARK_ANSWERED;
}

/* G7 and G8. The shim's answer is its slot line, with acks + 1 stored last (R28). */
static enum park_outcome call_shim(struct vcpu *vcpu)
{
    uint64_t before = read_tsc();
    hypercall_park(vcpu->instruction);
    return park_disarm(vcpu, before, read_tsc());
}

enum park_outcome park(struct vcpu *vcpu, pending_fn *pending, void *context, int64_t deadline_ns, uint32_t flags)
{
    uint32_t expected = park_event(vcpu); /* G1 */
    if (pending && pending(context)) /* G2 */
        return PARK_SKIPPED;
    park_arm(vcpu, expected, deadline_ns, flags); /* G3 G4 G5 */
    if (!pending || !pending(context)) /* G6 */
        return call_shim(vcpu); /* G7 G8 */
    store_release32(&vcpu->slot->guest.armed, 0); /* G8 */
    return PARK_SKIPPED;
}

enum park_outcome vcpu_probe(struct vcpu *vcpu)
{
    store_release32(&vcpu->slot->guest.armed, 0);
    return call_shim(vcpu);
}

/* A hypercall on a slot that is not armed returns at once (R26) and tells the time. The quickest of some is the most exact. */
static int ask_time(struct vcpu *vcpu, struct observation *best)
{
    for (int i = 0; i < TRIES; i++) {
        if (call_shim(vcpu) != PARK_ANSWERED)
            return 0;
        if (i == 0 || vcpu->last.after - vcpu->last.before < best->after - best->before)
            *best = vcpu->last;
    }
    return 1;
}

int vcpu_calibrate(struct vcpu *vcpu)
{
    struct observation first, last;
    store_release32(&vcpu->slot->guest.armed, 0);
    if (!ask_time(vcpu, &first))
        return 0;
    int64_t until_ns = first.returned_ns + CALIBRATION_NS;
    do
        park(vcpu, 0, 0, until_ns, 0);
    while (vcpu->last.returned_ns < until_ns && vcpu->slot->shim.reason != VMRPC_WAKE_REFUSED);
    if (!ask_time(vcpu, &last) || last.returned_ns < until_ns)
        return 0;
    clock_begin(&vcpu->clock, &first, &last);
    return 1;
}

int64_t host_now(const struct vcpu *vcpu)
{
    return clock_host_ns(&vcpu->clock, read_tsc());
}

uint32_t park_reason(const struct vcpu *vcpu)
{
    return vcpu->slot->shim.reason;
}
