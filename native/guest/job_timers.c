/* SPDX-License-Identifier: Apache-2.0
 *
 * timers       lateness of expirations by long poll, periodic or once at a time
 * guest-timer  the same with the guest's own timer interrupt and hlt: what long polling is compared with
 */
#include "console.h"
#include "cpu.h"
#include "irq.h"
#include "job.h"
#include "number.h"
#include "timer.h"

static uint32_t sample_count(const struct job *job)
{
    uint64_t count = job_number(job, "count", 100);
    return count < SAMPLES ? (uint32_t)count : SAMPLES;
}

const char *job_timers(struct guest *guest, const struct job *job)
{
    struct vcpu *vcpu = &guest->vcpu;
    uint32_t count = sample_count(job);
    uint64_t period_ns = job_number(job, "period_ns", 10000000);
    int is_once = job_says(job, "mode", "once");
    uint32_t early = 0;
    uint32_t parks = 0;
    struct timer timer = {.next_ns = host_now(vcpu) + (int64_t)period_ns, .period_ns = is_once ? 0 : period_ns};
    for (uint32_t i = 0; i < count; i++) {
        if (is_once)
            timer.next_ns = host_now(vcpu) + (int64_t)period_ns;
        int64_t due_ns = timer.next_ns;
        parks += timer_await(&timer, vcpu, &samples()[i]);
        if (park_reason(vcpu) == VMRPC_WAKE_DEADLINE && vcpu->last.returned_ns < due_ns)
            early++;
    }
    for (uint32_t i = 0; i < count; i++)
        print("sample late_ns=%D wake_ns=%D\n", samples()[i].late_ns, samples()[i].wake_ns);
    print("timers count=%u early=%u missed=%u parks=%u clock_error_ns=%D\n", count, early, timer.missed, parks, clock_error_ns(&vcpu->clock));
    return 0;
}

/* What counts down to an interrupt. */
struct source {
    void (*program)(uint32_t counts);
    uint32_t most;            /* counts */
    uint32_t counts_per_tick; /* times 2^32 */
};

#define LAPIC_MEASURE_NS 100000000

/* Counts of the local APIC's timer in a tick of the time stamp counter, times 2^32: nobody tells its rate. */
static uint32_t lapic_counts_per_tick(const struct vcpu *vcpu)
{
    lapic_begin();
    lapic_once(UINT32_C(0xffffffff));
    uint32_t first = lapic_counts();
    uint64_t begin = read_tsc();
    uint64_t until = begin + clock_ticks(&vcpu->clock, LAPIC_MEASURE_NS);
    while (read_tsc() < until)
        relax();
    uint32_t last = lapic_counts();
    uint64_t ticks = read_tsc() - begin;
    lapic_once(0);
    return (uint32_t)divide64((uint64_t)(first - last) << 32, ticks);
}

static struct source choose_source(const struct vcpu *vcpu, const struct job *job)
{
    if (!job_says(job, "source", "pit"))
        return (struct source){lapic_once, 0xffffffff, lapic_counts_per_tick(vcpu)};
    uint64_t hz = clock_ticks(&vcpu->clock, 1000000000);
    return (struct source){pit_once, 0xffff, (uint32_t)divide64((uint64_t)PIT_HZ << 32, hz)};
}

/* Programs what is left until an absolute time stamp, as a tickless kernel does; rounded up, so never early. */
static void interrupt_at(const struct source *source, uint64_t target)
{
    uint64_t now = read_tsc();
    uint64_t left = target > now ? target - now : 0;
    uint64_t counts = ((left & UINT32_C(0xffffffff)) * source->counts_per_tick >> 32) + 1;
    source->program(counts < source->most ? (uint32_t)counts : source->most);
}

static void halt_for_interrupt(void)
{
    uint32_t before = irq_times.count;
    while (irq_times.count == before) {
        interrupts_on_and_halt();
        interrupts_off();
    }
}

/* Returns how late the handler began, ns. One that begins half a period too early was latched before, and is not what was programmed. */
static int64_t await_interrupt(const struct source *source, const struct vcpu *vcpu, uint64_t target, uint64_t period)
{
    do {
        interrupt_at(source, target);
        halt_for_interrupt();
    } while (irq_times.tsc + period / 2 < target);
    uint64_t tsc = irq_times.tsc;
    return tsc >= target ? (int64_t)clock_ns(&vcpu->clock, tsc - target) : -(int64_t)clock_ns(&vcpu->clock, target - tsc);
}

const char *job_guest_timer(struct guest *guest, const struct job *job)
{
    struct vcpu *vcpu = &guest->vcpu;
    uint64_t period_ns = job_number(job, "period_ns", 10000000);
    if (period_ns > 50000000)
        return "guest-timer: period_ns is 50000000 at most";
    if (!irq_works())
        return NO_INTERRUPTS;
    uint32_t count = sample_count(job);
    struct source source = choose_source(vcpu, job);
    uint64_t period = clock_ticks(&vcpu->clock, period_ns);
    uint64_t target = read_tsc() + period;
    uint32_t missed = 0;
    for (uint32_t i = 0; i < count; i++) {
        samples()[i].late_ns = await_interrupt(&source, vcpu, target, period);
        for (target += period; target <= read_tsc(); target += period)
            missed++;
    }
    pit_stop();
    for (uint32_t i = 0; i < count; i++)
        print("sample late_ns=%D\n", samples()[i].late_ns);
    print("guest-timer count=%u missed=%u\n", count, missed);
    return 0;
}
