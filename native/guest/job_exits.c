/* SPDX-License-Identifier: Apache-2.0
 *
 * exits: what leaving the guest costs, in nanoseconds of the time stamp counter. A table: one function for each kind of exit.
 */
#include "console.h"
#include "cpu.h"
#include "hypercall.h"
#include "irq.h"
#include "job.h"
#include "memory.h"
#include "number.h"

#define UNASSIGNED_PORT 0x5656
#define INTERRUPT_MS 10 /* longer than the way into the park, also where KVM emulates */

struct measure {
    struct guest *guest;
    uint32_t echo; /* operation */
};

/* One exit; returns its ticks. */
typedef uint32_t exit_fn(struct measure *measure);

static uint32_t since(uint64_t before)
{
    return (uint32_t)(read_tsc() - before);
}

static uint32_t nothing(struct measure *measure)
{
    (void)measure;
    return since(read_tsc());
}

static uint32_t unassigned_port(struct measure *measure)
{
    (void)measure;
    uint64_t before = read_tsc();
    out32(UNASSIGNED_PORT, 0);
    return since(before);
}

/* The time stamps around the hypercall alone: the handshake's own instructions are no part of the exit. */
static uint32_t of_last_park(const struct vcpu *vcpu)
{
    return (uint32_t)(vcpu->last.after - vcpu->last.before);
}

static uint32_t not_armed(struct measure *measure)
{
    uint64_t before = read_tsc();
    hypercall_park(measure->guest->vcpu.instruction);
    return since(before);
}

static uint32_t doorbell(struct measure *measure)
{
    uint64_t before = read_tsc();
    hypercall_doorbell(measure->guest->vcpu.instruction);
    return since(before);
}

static uint32_t expired_deadline(struct measure *measure)
{
    park(&measure->guest->vcpu, 0, 0, 0, 0);
    return of_last_park(&measure->guest->vcpu);
}

/* From the hypercall, which rings, to the guest behind it: the agent wakes up, answers, and wakes the vCPU. A completion that is found
 * without such a park tells nothing and is repeated. */
static uint32_t wake_by_agent(struct measure *measure)
{
    struct vcpu *vcpu = &measure->guest->vcpu;
    struct completion completion = {.payload = reply_buffer()};
    for (;;) {
        uint32_t events = vcpu->reasons[VMRPC_WAKE_EVENT];
        if (channel_call(&measure->guest->channel, measure->echo, 0, 0, &completion) == CHANNEL_NO_STATUS)
            return 0;
        if (vcpu->reasons[VMRPC_WAKE_EVENT] != events)
            return of_last_park(vcpu);
    }
}

static int has_interrupted(void *count)
{
    return irq_times.count != *(uint32_t *)count;
}

/* From the time for which the PIT is programmed until the handler has begun and the guest is behind its hypercall. Under KVM halted the
 * handler comes first, under TCG and in slices second. One that comes on the way into the park tells nothing and is repeated. */
static uint32_t wake_by_interrupt(struct measure *measure)
{
    struct vcpu *vcpu = &measure->guest->vcpu;
    uint64_t until_due = clock_ticks(&vcpu->clock, INTERRUPT_MS * 1000000);
    for (;;) {
        uint32_t before = irq_times.count;
        pit_once(PIT_HZ / 1000 * INTERRUPT_MS);
        uint64_t due = read_tsc() + until_due;
        interrupts_on();
        park(vcpu, has_interrupted, &before, host_now(vcpu) + 4 * INTERRUPT_MS * 1000000, 0);
        uint64_t parked = vcpu->last.before;
        while (!has_interrupted(&before))
            park(vcpu, has_interrupted, &before, host_now(vcpu) + 4 * INTERRUPT_MS * 1000000, 0);
        interrupts_off();
        uint64_t done = irq_times.tsc > vcpu->last.after ? irq_times.tsc : vcpu->last.after;
        if (parked < due && done > due)
            return (uint32_t)(done - due);
    }
}

static const struct {
    const char *name;
    exit_fn *run;
    int needs_agent, needs_interrupts;
} exits[] = {
    {"no-exit", nothing, 0, 0},
    {"unassigned-port", unassigned_port, 0, 0},
    {"not-armed", not_armed, 0, 0},
    {"doorbell", doorbell, 0, 0},
    {"expired-deadline", expired_deadline, 0, 0},
    {"wake-by-agent", wake_by_agent, 1, 0},
    {"wake-by-interrupt", wake_by_interrupt, 0, 1},
};

static void report(const struct vcpu *vcpu, const char *name, uint32_t *ticks, uint32_t count)
{
    sort(ticks, count);
    print("exit name=%s count=%u min_ns=%U p50_ns=%U p99_ns=%U max_ns=%U p50_ticks=%u\n", name, count, clock_ns(&vcpu->clock, ticks[0]),
          clock_ns(&vcpu->clock, ticks[count / 2]), clock_ns(&vcpu->clock, ticks[count * 99 / 100]), clock_ns(&vcpu->clock, ticks[count - 1]),
          ticks[count / 2]);
}

const char *job_exits(struct guest *guest, const struct job *job)
{
    uint64_t wanted = job_number(job, "count", 200);
    uint32_t count = wanted < 1 ? 1 : wanted < SAMPLES ? (uint32_t)wanted : SAMPLES;
    const char *problem = guest_session(guest);
    if (problem)
        return problem;
    struct measure measure = {guest, channel_resolve(&guest->channel, "echo") << 16};
    int has_interrupts = irq_works();
    for (uint32_t i = 0; i < sizeof exits / sizeof *exits; i++) {
        if ((exits[i].needs_agent && !measure.echo) || (exits[i].needs_interrupts && !has_interrupts))
            continue;
        for (uint32_t n = 0; n < count; n++)
            tick_samples()[n] = exits[i].run(&measure);
        report(&guest->vcpu, exits[i].name, tick_samples(), count);
    }
    return 0;
}
