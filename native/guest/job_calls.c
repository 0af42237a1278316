/* SPDX-License-Identifier: Apache-2.0
 *
 * hello calls withheld cancel deadline subscribe errors: requests to the services of an agent. `echo` answers with the request's
 * bytes. `later` answers after as many microseconds as the u32 in the request says. `burst` takes u32 count, u32 gap in microseconds
 * and sends so many events, each its u32 number from 0, before it completes.
 */
#include "console.h"
#include "cpu.h"
#include "job.h"
#include "memory.h"
#include "number.h"

#define OK 0u
#define CANCELLED 1u
#define DEADLINE_EXCEEDED 4u
#define UNIMPLEMENTED 12u

static const char *resolve(struct guest *guest, const char *name, uint32_t *operation)
{
    const char *problem = guest_session(guest);
    if (problem)
        return problem;
    *operation = channel_resolve(&guest->channel, name) << 16;
    return *operation ? 0 : "the agent does not know a service that this job needs: echo, later or burst";
}

/* Waits for the completion of one request; others that come meanwhile are a fault. */
static const char *await(struct channel *channel, uint64_t correlation, struct completion *completion)
{
    completion->payload = reply_buffer();
    switch (channel_await(channel, VMRPC_NO_DEADLINE, completion)) {
    case AWAIT_AGENT_LOST: return "the agent was lost";
    case AWAIT_ENDED: return "the agent ended the session";
    default: return completion->correlation == correlation ? 0 : "a completion names another request";
    }
}

const char *job_hello(struct guest *guest, const struct job *job)
{
    (void)job;
    const char *problem = guest_session(guest);
    if (problem)
        return problem;
    uint64_t features = guest->region.header->agent.agent_features;
    print("hello features=%U clock_error_ns=%D\n", features, clock_error_ns(&guest->vcpu.clock));
    return 0;
}

static void fill(uint8_t *bytes, uint32_t length, uint32_t seed)
{
    for (uint32_t i = 0; i < length; i++)
        bytes[i] = (uint8_t)(seed + i * 7);
}

static const char *check(const struct completion *completion, uint32_t length)
{
    if (completion->status != OK || completion->flags)
        return "an echo has another status than OK";
    if (completion->length != length)
        return "an echo has another length";
    for (uint32_t i = 0; i < length; i++)
        if (completion->payload[i] != request_buffer()[i])
            return "an echo has other bytes";
    return 0;
}

static const char *echo(struct channel *channel, uint32_t operation, uint32_t length, uint32_t seed, uint32_t *ticks)
{
    struct completion completion;
    fill(request_buffer(), length, seed);
    uint64_t before = read_tsc();
    uint64_t correlation = channel_submit(channel, operation, 0, VMRPC_NO_DEADLINE, request_buffer(), length);
    if (correlation == CHANNEL_FULL)
        return "the submission ring is full though nothing is outstanding";
    const char *problem = await(channel, correlation, &completion);
    *ticks = (uint32_t)(read_tsc() - before);
    return problem ? problem : check(&completion, length);
}

/* With length=N all have that length, else lengths around the inline limit and up to the region's capacity take turns. */
static uint32_t length_of(const struct guest *guest, const struct job *job, uint32_t i)
{
    const uint32_t lengths[] = {0, 1, VMRPC_INLINE_CAPACITY, VMRPC_INLINE_CAPACITY + 1, 64, 200, guest->region.payload_capacity};
    return (uint32_t)job_number(job, "length", lengths[i % (sizeof lengths / sizeof *lengths)]);
}

const char *job_calls(struct guest *guest, const struct job *job)
{
    uint32_t operation;
    const char *problem = resolve(guest, "echo", &operation);
    uint32_t number = (uint32_t)job_number(job, "channel", 0);
    struct channel another;
    struct channel *channel = &guest->channel;
    if (!problem && number) {
        if (channel_open(&another, &guest->channel, number, &guest->vcpu) != OK)
            return "the channel cannot be opened";
        channel = &another;
    }
    uint32_t count = (uint32_t)job_number(job, "count", 100);
    uint32_t *ticks = tick_samples();
    for (uint32_t i = 0; i < count && !problem; i++)
        problem = echo(channel, operation, length_of(guest, job, i), i, &ticks[i % SAMPLES]);
    if (!problem && number && channel_close(&guest->channel, number) != OK)
        problem = "the channel cannot be closed";
    if (problem)
        return problem;
    uint32_t kept = count < SAMPLES ? count : SAMPLES;
    sort(ticks, kept);
    if (kept)
        print("calls count=%u p50_ns=%U max_ns=%U\n", count, clock_ns(&guest->vcpu.clock, ticks[kept / 2]), clock_ns(&guest->vcpu.clock, ticks[kept - 1]));
    return 0;
}

/* lost=1: the agent is to die meanwhile; what is outstanding fails (R15), and a later job says hello anew. */
static const char *await_loss(struct guest *guest, uint64_t correlation)
{
    struct completion completion;
    print("waiting\n");
    const char *problem = await(&guest->channel, correlation, &completion);
    guest->has_session = 0;
    print("withheld lost=%u\n", session_state(&guest->session) == SESSION_AGENT_LOST);
    return problem ? 0 : "the agent answered, and should have been lost";
}

const char *job_withheld(struct guest *guest, const struct job *job)
{
    uint32_t operation;
    struct completion completion;
    const char *problem = resolve(guest, "later", &operation);
    uint32_t count = (uint32_t)job_number(job, "count", 3);
    uint32_t delay_us = (uint32_t)job_number(job, "delay_us", 20000);
    for (uint32_t i = 0; i < count && !problem; i++) {
        int64_t before_ns = host_now(&guest->vcpu);
        uint32_t ends = guest->vcpu.reasons[VMRPC_WAKE_EVENT];
        uint64_t correlation = channel_submit(&guest->channel, operation, 0, VMRPC_NO_DEADLINE, &delay_us, sizeof delay_us);
        if (job_number(job, "lost", 0))
            return await_loss(guest, correlation);
        problem = await(&guest->channel, correlation, &completion);
        if (problem)
            break;
        print("withheld status=%u took_ns=%D ended_by_event=%u\n", completion.status, host_now(&guest->vcpu) - before_ns,
              guest->vcpu.reasons[VMRPC_WAKE_EVENT] - ends);
        problem = completion.status == OK ? 0 : "a withheld call has another status than OK";
    }
    return problem;
}

/* CANCEL itself is answered too (R20), and the order of the two completions is free. */
const char *job_cancel(struct guest *guest, const struct job *job)
{
    (void)job;
    uint32_t operation;
    uint32_t delay_us = 60000000;
    uint32_t cancelled = 0;
    const char *problem = resolve(guest, "later", &operation);
    if (problem)
        return problem;
    struct channel *channel = &guest->channel;
    uint64_t victim = channel_submit(channel, operation, 0, VMRPC_NO_DEADLINE, &delay_us, sizeof delay_us);
    uint64_t cancel = channel_submit(channel, VMRPC_SERVICE_SESSION << 16 | VMRPC_METHOD_CANCEL, 0, VMRPC_NO_DEADLINE, &victim, sizeof victim);
    for (int i = 0; i < 2; i++) {
        struct completion completion = {.payload = reply_buffer()};
        if (channel_await(channel, VMRPC_NO_DEADLINE, &completion) != AWAIT_COMPLETION)
            return "the session ended";
        if (completion.status != (completion.correlation == victim ? CANCELLED : OK) || completion.correlation > cancel)
            return "cancellation is answered by another status";
        cancelled += completion.correlation == victim;
    }
    print("cancel cancelled=%u\n", cancelled);
    return 0;
}

/* R43. */
const char *job_deadline(struct guest *guest, const struct job *job)
{
    uint32_t operation;
    uint32_t delay_us = 60000000;
    struct completion completion;
    const char *problem = resolve(guest, "later", &operation);
    if (problem)
        return problem;
    int64_t deadline_ns = host_now(&guest->vcpu) + (int64_t)job_number(job, "after_ns", 50000000);
    uint64_t correlation = channel_submit(&guest->channel, operation, 0, deadline_ns, &delay_us, sizeof delay_us);
    problem = await(&guest->channel, correlation, &completion);
    if (problem)
        return problem;
    print("deadline status=%u late_ns=%D clock_error_ns=%D\n", completion.status, host_now(&guest->vcpu) - deadline_ns,
          clock_error_ns(&guest->vcpu.clock));
    return completion.status == DEADLINE_EXCEEDED ? 0 : "a request past its deadline has another status";
}

/* Events come in order; each gap is counted in `lost` (R21), which travels with the next completion. */
const char *job_subscribe(struct guest *guest, const struct job *job)
{
    uint32_t operation;
    uint32_t request[2] = {(uint32_t)job_number(job, "count", 20), (uint32_t)job_number(job, "gap_us", 1000)};
    struct completion completion;
    const char *problem = resolve(guest, "burst", &operation);
    if (problem)
        return problem;
    uint32_t received = 0;
    uint32_t next = 0;
    uint64_t correlation = channel_submit(&guest->channel, operation, VMRPC_SUBMIT_SUBSCRIBE, VMRPC_NO_DEADLINE, request, sizeof request);
    for (;;) {
        problem = await(&guest->channel, correlation, &completion);
        if (problem || !(completion.flags & VMRPC_COMPLETE_MORE))
            break;
        uint32_t number = *(uint32_t *)(void *)completion.payload;
        if (completion.length != sizeof number || number < next || number != received + completion.lost)
            return "an event is out of order, or a gap is not counted in `lost`";
        next = number + 1;
        received++;
    }
    if (problem)
        return problem;
    print("subscribe status=%u events=%u lost=%U\n", completion.status, received, completion.lost);
    return completion.status == OK && received + completion.lost == request[0] ? 0 : "events are missing and not counted in `lost`";
}

/* R42, and a name that nobody serves. */
const char *job_errors(struct guest *guest, const struct job *job)
{
    (void)job;
    const char *problem = guest_session(guest);
    if (problem)
        return problem;
    struct completion completion = {.payload = reply_buffer()};
    if (channel_resolve(&guest->channel, "no such service"))
        return "an unknown name was resolved";
    if (channel_call(&guest->channel, UINT32_C(0x7fff0000), 0, 0, &completion) != UNIMPLEMENTED)
        return "an unknown service is not answered by UNIMPLEMENTED";
    print("errors unknown_service=%u\n", completion.status);
    return 0;
}
