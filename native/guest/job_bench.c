/* SPDX-License-Identifier: Apache-2.0
 *
 * bench   measures what the agent's service of that name orders, until it orders the end, so that several VMs can take turns
 *
 *   NEXT     answered by an order: u32 what, u32 count, u32 period_ns
 *   SAMPLES  ns, u32 each, two for each expiration of a park's timer; without a payload: that was all of the order
 *   WAKE     answered after a while by the host's time, i64, at which the agent completed it
 */
#include "console.h"
#include "cpu.h"
#include "hypercall.h"
#include "irq.h"
#include "job.h"
#include "memory.h"
#include "number.h"
#include "timer.h"

#define METHOD_NEXT 0u
#define METHOD_SAMPLES 1u
#define METHOD_WAKE 2u
#define QUIT 0u
#define UNASSIGNED_PORT 0x5656
#define MOST_SAMPLES 16384u
#define BATCH_BYTES 1024u /* a region's payload capacity is usually more */

struct order {
    uint32_t what;
    uint32_t count;
    uint32_t period_ns;
};

struct bench {
    struct vcpu *vcpu;
    struct channel *channel;
    uint32_t service;
    struct order order;
    struct timer timer;
    uint32_t pit_counts;
    uint64_t pit_ticks;
    uint32_t taken; /* samples */
};

/* Takes one sample, or a pair. */
typedef void measure_fn(struct bench *bench);

/* It may be below 0 by the error of the clocks. */
static void take(struct bench *bench, int64_t ns)
{
    tick_samples()[bench->taken++] = ns < 0 ? 0 : ns > UINT32_MAX ? UINT32_MAX : (uint32_t)ns;
}

static int64_t passed_ns(const struct bench *bench, uint64_t from, uint64_t to)
{
    return to >= from ? (int64_t)clock_ns(&bench->vcpu->clock, to - from) : -(int64_t)clock_ns(&bench->vcpu->clock, from - to);
}

static uint32_t call(struct bench *bench, uint32_t method, const void *payload, uint32_t length, struct completion *answer)
{
    answer->payload = reply_buffer();
    return channel_call(bench->channel, bench->service << 16 | method, payload, length, answer);
}

static void park_timer(struct bench *bench)
{
    struct sample sample;
    timer_await(&bench->timer, bench->vcpu, &sample);
    take(bench, sample.late_ns);
    take(bench, sample.wake_ns);
}

/* PIT counts of a period, and the ticks that those take: 838 ns each. Divisions take a millisecond where KVM interprets, so they are made before. */
static void prepare_pit(struct bench *bench)
{
    uint64_t counts = (uint64_t)bench->order.period_ns * PIT_HZ;
    divide(&counts, 1000000000);
    uint64_t ns = counts * 1000000000;
    divide(&ns, PIT_HZ);
    bench->pit_counts = (uint32_t)counts;
    bench->pit_ticks = clock_ticks(&bench->vcpu->clock, ns);
}

/* The time stamp at which the PIT should interrupt; in its favour, counted from the end of its programming. */
static uint64_t expire_soon(const struct bench *bench)
{
    pit_once(bench->pit_counts);
    return read_tsc() + bench->pit_ticks;
}

static void guest_timer(struct bench *bench)
{
    uint32_t before = irq_times.count;
    uint64_t due = expire_soon(bench);
    while (irq_times.count == before) {
        interrupts_on_and_halt();
        interrupts_off();
    }
    take(bench, passed_ns(bench, due, irq_times.tsc));
}

/* Below 0 if the interrupt came between two parks. */
static int64_t interrupt_wake_once(struct bench *bench)
{
    uint32_t before = irq_times.count;
    uint64_t due = expire_soon(bench);
    interrupts_on();
    while (irq_times.count == before)
        park(bench->vcpu, 0, 0, VMRPC_NO_DEADLINE, 0);
    interrupts_off();
    return passed_ns(bench, due, bench->vcpu->last.after);
}

static void interrupt_wake(struct bench *bench)
{
    int64_t ns;
    do
        ns = interrupt_wake_once(bench);
    while (ns < 0);
    take(bench, ns);
}

static void unassigned_port(struct bench *bench)
{
    uint64_t before = read_tsc();
    out32(UNASSIGNED_PORT, 0);
    take(bench, passed_ns(bench, before, read_tsc()));
}

static void empty_exit(struct bench *bench)
{
    uint64_t before = read_tsc();
    hypercall_park(bench->vcpu->instruction);
    take(bench, passed_ns(bench, before, read_tsc()));
}

static void park_and_return(struct bench *bench)
{
    park(bench->vcpu, 0, 0, 0, 0); /* that deadline has passed */
    take(bench, passed_ns(bench, bench->vcpu->last.before, bench->vcpu->last.after));
}

/* The time of the agent's completion minus that of the end of the last park: below 0 if it came between two parks. */
static int64_t agent_wake_once(struct bench *bench)
{
    struct completion answer;
    int64_t completed_ns;
    if (call(bench, METHOD_WAKE, 0, 0, &answer) != 0 || answer.length != sizeof completed_ns)
        return UINT32_MAX; /* a sample that nobody overlooks */
    completed_ns = *(const int64_t *)(const void *)answer.payload;
    return clock_host_ns(&bench->vcpu->clock, bench->vcpu->last.after) - completed_ns;
}

static void agent_wake(struct bench *bench)
{
    int64_t ns;
    do
        ns = agent_wake_once(bench);
    while (ns < 0);
    take(bench, ns);
}

/* In the order of the agent's enum. */
static measure_fn *const measures[] = {0, park_timer, guest_timer, unassigned_port, empty_exit, park_and_return, agent_wake,
    interrupt_wake};

static void measure(struct bench *bench)
{
    prepare_pit(bench);
    bench->timer = (struct timer){.next_ns = host_now(bench->vcpu) + bench->order.period_ns, .period_ns = bench->order.period_ns};
    bench->taken = 0;
    for (uint32_t i = 0; i < bench->order.count; i++)
        measures[bench->order.what](bench);
}

static uint32_t deliver(struct bench *bench)
{
    struct completion answer;
    const uint8_t *bytes = (const uint8_t *)tick_samples();
    uint32_t left = bench->taken * sizeof(uint32_t);
    uint32_t status = 0;
    while (left && status == 0) {
        uint32_t length = left < BATCH_BYTES ? left : BATCH_BYTES;
        status = call(bench, METHOD_SAMPLES, bytes, length, &answer);
        bytes += length;
        left -= length;
    }
    return status ? status : call(bench, METHOD_SAMPLES, 0, 0, &answer);
}

const char *job_bench(struct guest *guest, const struct job *job)
{
    (void)job;
    const char *problem = guest_session(guest);
    if (problem)
        return problem;
    struct bench bench = {.vcpu = &guest->vcpu, .channel = &guest->channel, .service = channel_resolve(&guest->channel, "bench")};
    if (!bench.service)
        return "the agent has no service named bench";
    struct completion answer;
    print("bench\n");
    while (call(&bench, METHOD_NEXT, 0, 0, &answer) == 0) {
        if (answer.length != sizeof bench.order)
            return "the agent's order has another length";
        const volatile struct order *order = (const void *)answer.payload; /* volatile: gcc -m16 copies structures by 16-bit addresses */
        bench.order.what = order->what;
        bench.order.count = order->count;
        bench.order.period_ns = order->period_ns;
        if (bench.order.what == QUIT)
            return 0;
        if (bench.order.what >= sizeof measures / sizeof *measures || bench.order.count > MOST_SAMPLES)
            return "the agent orders what this guest cannot measure";
        measure(&bench);
        if (deliver(&bench) != 0)
            return "the agent did not take the samples";
    }
    return "the agent gave no order";
}
