/* SPDX-License-Identifier: Apache-2.0 */
#include "channel.h"

#include "cpu.h"
#include "memory.h"

void channel_clear(const struct region *region, uint32_t channel)
{
    volatile struct vmrpc_submission *submissions = region_submissions(region, channel);
    for (uint32_t i = 0; i < region->ring_capacity; i++)
        store_release64(&submissions[i].commit, 0);
    store_release64(&region_channel(region, channel)->guest.completion_head, 0);
}

static void begin(struct channel *channel, struct session *session, struct vcpu *vcpu, uint32_t number)
{
    rings_begin(&channel->rings, session->region, number);
    channel->session = session;
    channel->vcpu = vcpu;
    channel->correlation = 0;
    channel->is_unrung = 0;
}

void channel_begin(struct channel *channel, struct session *session, struct vcpu *vcpu)
{
    begin(channel, session, vcpu, 0);
}

uint64_t channel_submit(struct channel *channel, uint32_t operation, uint32_t flags, int64_t deadline_ns, const void *payload, uint32_t length)
{
    struct submission submission = {
        .correlation = channel->correlation + 1,
        .operation = operation,
        .flags = flags,
        .deadline_ns = deadline_ns,
        .payload = payload,
        .length = length,
    };
    if (!ring_offer(&channel->rings, &submission))
        return CHANNEL_FULL;
    channel->is_unrung = 1;
    return ++channel->correlation;
}

void channel_flush(struct channel *channel)
{
    if (!channel->is_unrung)
        return;
    channel->is_unrung = 0;
    session_ring(channel->session, channel->vcpu);
}

/* R22; the agent may hold completions back until it is told that there is space. */
static void ring_if_blocked(struct channel *channel)
{
    full_fence(); /* partner: the agent's fence after completion_blocked = 1 */
    if (load_acquire32(&channel->rings.header->blocked.completion_blocked))
        session_ring(channel->session, channel->vcpu);
}

static int take(struct channel *channel, struct completion *completion)
{
    if (!ring_take(&channel->rings, completion))
        return 0;
    ring_if_blocked(channel);
    return 1;
}

static int has_completion(void *rings)
{
    return ring_has_completion(rings);
}

/* The park rings the doorbell in the same exit. It stays owed until a park with it was acknowledged (R36); a shim that refuses does not
 * ring (R37), and one whose link is lost may have rung nobody. */
static void park_for_completion(struct channel *channel, int64_t deadline_ns)
{
    uint32_t flags = channel->is_unrung ? VMRPC_SLOT_DOORBELL : 0;
    enum park_outcome outcome = park(channel->vcpu, has_completion, &channel->rings, deadline_ns, flags);
    uint32_t reason = park_reason(channel->vcpu);
    if (outcome == PARK_ANSWERED && reason != VMRPC_WAKE_AGENT_LOST && reason != VMRPC_WAKE_REFUSED)
        channel->is_unrung = 0;
}

enum await_result channel_await(struct channel *channel, int64_t deadline_ns, struct completion *completion)
{
    while (!take(channel, completion)) {
        switch (session_state(channel->session)) { /* R32: before every park */
        case SESSION_AGENT_LOST: return AWAIT_AGENT_LOST;
        case SESSION_ENDED: return AWAIT_ENDED;
        case SESSION_ALIVE: break;
        }
        if (deadline_ns != VMRPC_NO_DEADLINE && host_now(channel->vcpu) >= deadline_ns) {
            channel_flush(channel);
            return AWAIT_DEADLINE;
        }
        park_for_completion(channel, deadline_ns);
    }
    channel_flush(channel); /* what was submitted before this call must not wait for the next one */
    return AWAIT_COMPLETION;
}

uint32_t channel_call(struct channel *channel, uint32_t operation, const void *payload, uint32_t length, struct completion *completion)
{
    uint64_t correlation = channel_submit(channel, operation, 0, VMRPC_NO_DEADLINE, payload, length);
    if (correlation == CHANNEL_FULL)
        return CHANNEL_NO_STATUS;
    while (channel_await(channel, VMRPC_NO_DEADLINE, completion) == AWAIT_COMPLETION)
        if (completion->correlation == correlation)
            return completion->status;
    return CHANNEL_NO_STATUS;
}

static uint32_t control_call(struct channel *control, uint32_t method, const void *payload, uint32_t length, struct completion *completion)
{
    completion->payload = reply_buffer();
    return channel_call(control, VMRPC_SERVICE_SESSION << 16 | method, payload, length, completion);
}

uint32_t channel_open(struct channel *channel, struct channel *control, uint32_t number, struct vcpu *vcpu)
{
    struct completion completion;
    uint32_t request[2] = {number, vcpu->index};
    channel_clear(control->session->region, number); /* R23 */
    uint32_t status = control_call(control, VMRPC_METHOD_OPEN_CHANNEL, request, sizeof request, &completion);
    begin(channel, control->session, vcpu, number);
    return status;
}

uint32_t channel_close(struct channel *control, uint32_t number)
{
    struct completion completion;
    return control_call(control, VMRPC_METHOD_CLOSE_CHANNEL, &number, sizeof number, &completion);
}

uint32_t channel_resolve(struct channel *channel, const char *name)
{
    struct completion completion;
    uint32_t length = 0;
    while (name[length])
        length++;
    if (control_call(channel, VMRPC_METHOD_RESOLVE, name, length, &completion) != 0 || completion.length != sizeof(uint32_t))
        return 0;
    return *(uint32_t *)(void *)completion.payload;
}
