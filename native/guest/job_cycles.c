/* SPDX-License-Identifier: Apache-2.0
 *
 * cycles   a control loop: each period one park until its time, one datagram by a socket of the host, and the peer's answer to it. The
 *          agent's service of that name orders it, again and again, so that many guests begin at one time:
 *
 *   NEXT     answered by an order: u32 count of periods, 0 ends the guest; u32 period_ns; i64 start_ns, host time of the first
 *   SAMPLES  ns, two u32 for each cycle: how late the guest ran again by its own clock, and the time from its datagram to the answer;
 *            0: none came before the next cycle. Periods that a late wake has swallowed have no sample. Without a payload: that was all
 */
#include "console.h"
#include "job.h"
#include "memory.h"
#include "socket.h"
#include "timer.h"

#define METHOD_NEXT 0u
#define METHOD_SAMPLES 1u
#define BATCH_BYTES 1024u /* the region's payload capacity is not less */
#define MOST_SAMPLES 65536u
#define QUIET_NS INT64_C(200000000)

struct order {
    uint32_t count;
    uint32_t period_ns;
    int64_t start_ns;
};

struct loop {
    struct vcpu *vcpu;
    struct channel *channel;
    uint32_t service;
    struct socket socket;
    struct timer timer;
    uint32_t number; /* of the cycle, in its datagram */
    uint32_t taken;  /* samples */
};

static uint32_t clamp(int64_t ns)
{
    return ns < 0 ? 0 : ns > UINT32_MAX ? UINT32_MAX : (uint32_t)ns;
}

static void take(struct loop *loop, int64_t ns)
{
    tick_samples()[loop->taken++] = clamp(ns);
}

/* Sends the cycle's number and parks until it is back or the next cycle begins. An answer to an earlier one counts nothing. */
static int64_t exchange(struct loop *loop)
{
    uint32_t word;
    struct completion event = {.payload = reply_buffer()};
    int64_t sent_ns = host_now(loop->vcpu);
    loop->number++;
    if (!socket_send(&loop->socket, &loop->number, sizeof loop->number))
        return 0;
    while (channel_await(loop->channel, loop->timer.next_ns, &event) == AWAIT_COMPLETION)
        if (socket_received(&loop->socket, &event, &word) && word == loop->number)
            return host_now(loop->vcpu) - sent_ns;
    return 0;
}

/* Parks until all other guests have ended as well; what the agent still says of the socket's windows must not be lost. */
static void rest(struct loop *loop, int64_t until_ns)
{
    uint32_t word;
    struct completion event = {.payload = reply_buffer()};
    while (channel_await(loop->channel, until_ns, &event) == AWAIT_COMPLETION)
        socket_received(&loop->socket, &event, &word);
}

static void run(struct loop *loop, const struct order *order)
{
    int64_t end_ns = order->start_ns + (int64_t)((uint64_t)order->count * order->period_ns);
    loop->timer = (struct timer){.next_ns = order->start_ns, .period_ns = order->period_ns};
    loop->taken = 0;
    while (loop->timer.next_ns < end_ns && loop->taken < MOST_SAMPLES) {
        struct sample sample;
        timer_await(&loop->timer, loop->vcpu, &sample);
        take(loop, sample.late_ns);
        take(loop, exchange(loop));
    }
    rest(loop, end_ns + QUIET_NS);
}

static uint32_t call(struct loop *loop, uint32_t method, const void *payload, uint32_t length, struct completion *answer)
{
    answer->payload = reply_buffer();
    return channel_call(loop->channel, loop->service << 16 | method, payload, length, answer);
}

static uint32_t deliver(struct loop *loop)
{
    struct completion answer;
    const uint8_t *bytes = (const uint8_t *)tick_samples();
    uint32_t left = loop->taken * sizeof(uint32_t);
    uint32_t status = 0;
    while (left && status == 0) {
        uint32_t length = left < BATCH_BYTES ? left : BATCH_BYTES;
        status = call(loop, METHOD_SAMPLES, bytes, length, &answer);
        bytes += length;
        left -= length;
    }
    return status ? status : call(loop, METHOD_SAMPLES, 0, 0, &answer);
}

static const char *obey(struct loop *loop)
{
    struct completion answer;
    while (call(loop, METHOD_NEXT, 0, 0, &answer) == 0) {
        if (answer.length != sizeof(struct order))
            return "the agent's order has another length";
        const volatile struct order *given = (const void *)answer.payload; /* volatile: gcc -m16 copies structures by 16-bit addresses */
        struct order order = {.count = given->count, .period_ns = given->period_ns, .start_ns = given->start_ns};
        if (order.count == 0)
            return 0;
        run(loop, &order);
        if (deliver(loop) != 0)
            return "the agent did not take the samples";
    }
    return "the agent gave no order";
}

/* address: the IPv4 address as one number, as its bytes stand in memory. */
const char *job_cycles(struct guest *guest, const struct job *job)
{
    const char *problem = guest_session(guest);
    if (problem)
        return problem;
    struct loop loop = {.vcpu = &guest->vcpu, .channel = &guest->channel, .service = channel_resolve(&guest->channel, "cycles")};
    if (!loop.service)
        return "the agent has no service named cycles";
    problem = socket_connect(&loop.socket, loop.channel, (uint32_t)job_number(job, "address", 0), (uint32_t)job_number(job, "port", 0));
    if (problem)
        return problem;
    print("cycles\n");
    return obey(&loop);
}
