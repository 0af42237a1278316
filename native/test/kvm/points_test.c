/* SPDX-License-Identifier: Apache-2.0
 *
 * Kicks, events, deadlines, a lost agent, interrupts and late signals, alone and in pairs, at every point of a park. Each time: the
 * park ends, exactly its own kicks reach the VMM as EINTR, none is lost, the vCPU is runnable, the acknowledgement is published.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kvm_check.h"

#define TRIES 50u /* a noisy machine may pass a short deadline before the park begins */

static const unsigned deeds[] = {DO_NOTHING,           DO_KICK,
                                 DO_EVENT,             DO_DEADLINE,
                                 DO_LOSS,              DO_INTERRUPT,
                                 DO_LATE,              DO_KICK | DO_EVENT,
                                 DO_KICK | DO_DEADLINE, DO_KICK | DO_INTERRUPT,
                                 DO_KICK | DO_LOSS,    DO_KICK | DO_LATE,
                                 DO_EVENT | DO_INTERRUPT, DO_DEADLINE | DO_INTERRUPT};
#define DEEDS (sizeof deeds / sizeof *deeds)

static struct {
    struct region region;
    struct agent agent;
    struct injection injection;
    unsigned point, deed, tries;
    uint32_t finished;
    uint64_t acks;
    uint32_t eintrs;
    unsigned interrupts;
    int64_t begun_ns;
    const enum point *points;
    unsigned point_count;
    int halted;
    enum vmm_irqchip irqchip;
} t;

/* Does the injection itself end the park? If not, the deadline must. */
static int ends_it(void)
{
    unsigned d = t.injection.deeds & ~(unsigned)(DO_LATE | DO_DEADLINE | (t.halted ? 0 : DO_INTERRUPT));
    return (t.injection.point < POINT_RETURNED || t.injection.point == POINT_FUTEX_WAIT) && d != 0;
}

static void begin_case(struct vmm *vmm)
{
    struct vmrpc_slot_shim_line *line = &t.region.slot[0].shim;
    t.injection = (struct injection){
        .point = t.points[t.point], .deeds = deeds[t.deed], .vmm = vmm, .region = &t.region, .agent = &t.agent};
    if ((t.injection.deeds & DO_LOSS) && __atomic_load_n(&t.region.header->shim.link, __ATOMIC_ACQUIRE) != VMRPC_LINK_UP)
        link_agent(&t.region, &t.agent);
    t.acks = line->acks;
    t.eintrs = vmm->eintrs;
    t.interrupts = vmm_word(vmm, GUEST_INTERRUPTS);
    t.begun_ns = now_ns();
    t.injection.deadline_ns = t.begun_ns + (ends_it() && !(t.injection.deeds & DO_DEADLINE) ? 60000 * MS : 3 * MS);
    arm(&t.region, t.injection.deadline_ns, 0);
    injected = &t.injection;
}

static int is_expected(uint32_t reason)
{
    unsigned d = t.injection.deeds;
    return (reason == VMRPC_WAKE_KICK && (d & DO_KICK)) || (reason == VMRPC_WAKE_EVENT && (d & DO_EVENT)) ||
           (reason == VMRPC_WAKE_AGENT_LOST && (d & DO_LOSS)) || (reason == VMRPC_WAKE_INTERRUPT && (d & DO_INTERRUPT) && t.halted) ||
           (reason == VMRPC_WAKE_DEADLINE && (!ends_it() || (d & DO_DEADLINE)));
}

static void judge(struct vmm *vmm)
{
    struct vmrpc_slot_shim_line *line = &t.region.slot[0].shim;
    int before = check_failed;
    CHECK(is_expected(line->reason));
    CHECK_EQ(t.acks + 1, line->acks);
    CHECK_EQ(0, line->parked);
    CHECK_EQ(t.eintrs + (t.injection.deeds & DO_KICK ? 1 : 0), vmm->eintrs);
    CHECK_EQ(vmm->work, vmm->done);
    CHECK_EQ(0, vmm->strange);
    CHECK_EQ(0, vmm->run->immediate_exit);
    CHECK_EQ(KVM_MP_STATE_RUNNABLE, vmm_mp_state(vmm));
    CHECK_EQ(t.interrupts + (t.injection.deeds & DO_INTERRUPT ? 1 : 0), vmm_word(vmm, GUEST_INTERRUPTS));
    CHECK(now_ns() - t.begun_ns < EVER);
    if (t.injection.point >= POINT_FORETOLD && t.injection.point <= POINT_ARMED) { /* R44: an interrupt may take the guest on from here */
        CHECK_EQ(t.acks + 1, t.injection.acks);
        CHECK_EQ(VMRPC_WAKE_INTERRUPT, t.injection.reason);
    }
    if (check_failed != before)
        fprintf(stderr, "at point %u with deeds %#x: reason %u\n", t.injection.point, t.injection.deeds, line->reason);
}

/* Between two cases: a short park that takes what the last one left (a loss after its end, say). */
static void flush(void)
{
    injected = NULL;
    arm(&t.region, now_ns() + MS / 2, 0);
}

/* Without park mode halted there is no wake signal, and without an irqchip no interrupt. */
static int applies(unsigned d) { return t.halted || !(d & (t.irqchip == VMM_IRQCHIP ? DO_LATE : DO_LATE | DO_INTERRUPT)); }

static void next_case(void)
{
    do {
        if (++t.deed == DEEDS) {
            t.deed = 0;
            t.point++;
        }
    } while (!applies(deeds[t.deed]));
}

static void on_turn(struct vmm *vmm)
{
    if (t.finished)
        return;
    if (injected && (t.injection.hits || ++t.tries == TRIES)) {
        CHECK_EQ(1, t.injection.hits);
        judge(vmm);
        t.tries = 0;
        next_case();
        flush();
        if (t.point == t.point_count)
            __atomic_store_n(&t.finished, 1u, __ATOMIC_RELEASE);
        return;
    }
    begin_case(vmm);
}

static void run(const enum point *points, unsigned count, enum vmm_irqchip irqchip, int halted, uint32_t kick_mode)
{
    struct vmm vmm;
    memset(&t, 0, sizeof t);
    t.points = points;
    t.point_count = count;
    t.halted = halted;
    t.irqchip = irqchip;
    region_create(&t.region);
    setenv("VMRPC_REGION", t.region.path, 1);
    vmm_create(&vmm, irqchip, 0);
    CHECK_EQ(VMRPC_SHIM_QEMU_KVM, t.region.header->shim.shim_kind);
    CHECK_EQ(VMRPC_INSTRUCTION_OUT, t.region.header->shim.instruction);
    CHECK_EQ(halted ? VMRPC_PARK_HALTED : VMRPC_PARK_FUTEX, t.region.header->shim.park_mode);
    CHECK_EQ(kick_mode, t.region.header->shim.kick_mode);
    CHECK_EQ(VMRPC_REFUSAL_NONE, t.region.header->shim.refusal);
    vmm.on_turn = on_turn;
    vmm_start(&vmm);
    for (int i = 0; i < 6 && !t.finished && !vmm.error; i++)
        vmm_await(&t.finished, 1);
    CHECK(t.finished);
    CHECK_EQ(0, vmm.error);
    CHECK_EQ(0, vmm.foreign);
    CHECK_EQ(0, blind_waits);
    vmm_stop(&vmm);
    region_remove(&t.region);
}

void suite_points(void)
{
    static const enum point all[] = {POINT_BEFORE_PARK, POINT_BEGUN,    POINT_SHOWN,  POINT_FORETOLD, POINT_MP_STATE, POINT_ARMED,
                                     POINT_RETURNED,    POINT_HIDDEN,   POINT_JUDGED, POINT_RUNNABLE, POINT_ENDED};
    _Static_assert(sizeof all / sizeof *all == POINT_COUNT, "every point");
    run(all, POINT_COUNT, VMM_IRQCHIP, 1, VMRPC_KICK_HOOK);
}

static const enum point of_futex[] = {POINT_BEFORE_PARK, POINT_BEGUN, POINT_FUTEX_WAIT, POINT_JUDGED, POINT_ENDED};
#define OF_FUTEX (sizeof of_futex / sizeof *of_futex)

void suite_points_futex(void)
{
    setenv("VMRPC_SLICE_US", "1000000", 1); /* no slice ends what a kick or an event must end */
    run(of_futex, OF_FUTEX, VMM_IRQCHIP, 0, VMRPC_KICK_SLICES);
}

/* No in-kernel irqchip: futex without slices. Interrupts are the VMM's there, and this one has none. */
void suite_points_no_irqchip(void) { run(of_futex, OF_FUTEX, VMM_NO_IRQCHIP, 0, VMRPC_KICK_HOOK); }
