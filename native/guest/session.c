/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"

#include "channel.h"
#include "cpu.h"
#include "hypercall.h"

#define LINK_TIMEOUT_NS INT64_C(20000000000) /* the agent may come up after this machine */
#define ANSWER_TIMEOUT_NS INT64_C(10000000000)
#define RING_AGAIN_NS 10000000

/* R11: link_epoch, link, agent_epoch, in this order. 0: none yet. */
static uint64_t linked_agent(const struct region *region)
{
    uint64_t linked = load_acquire64(&region->header->shim.link_epoch);
    if (load_acquire32(&region->header->shim.link) != VMRPC_LINK_UP)
        return 0;
    return load_acquire64(&region->header->agent.agent_epoch) == linked ? linked : 0;
}

static uint64_t await_link(const struct region *region, struct vcpu *vcpu)
{
    int64_t until_ns = host_now(vcpu) + LINK_TIMEOUT_NS;
    for (;;) {
        uint64_t agent = linked_agent(region);
        int64_t now_ns = host_now(vcpu);
        if (agent || now_ns >= until_ns)
            return agent;
        park(vcpu, 0, 0, now_ns + 1000000, 0);
    }
}

static uint64_t say_hello(const struct region *region, uint32_t slot)
{
    volatile struct vmrpc_guest_line *line = &region->header->guest;
    uint64_t epoch = read_tsc() | 1; /* R11: not 0 */
    if (epoch == line->guest_epoch)
        epoch += 2; /* and another one than before */
    line->guest_features = VMRPC_FEATURE_SUBSCRIPTIONS | VMRPC_FEATURE_DEADLINES;
    line->guest_version = VMRPC_VERSION_MAJOR << 16 | VMRPC_VERSION_MINOR;
    line->control_slot = slot;
    store_release64(&line->guest_epoch, epoch); /* partner: the agent's acquire when it looks for a hello */
    return epoch;
}

/* R12: the answer is ours if session_epoch, read first, is; session_status was stored last. */
static uint32_t answer(const struct region *region, uint64_t epoch)
{
    int is_ours = load_acquire64(&region->header->agent.session_epoch) == epoch;
    uint32_t status = load_acquire32(&region->header->agent.session_status); /* partner: the agent's release */
    return is_ours ? status : VMRPC_SESSION_NONE;
}

static int has_answer(void *context)
{
    const struct session *session = context;
    return answer(session->region, session->epoch) != VMRPC_SESSION_NONE;
}

/* The agent's answer moves the event counter of control_slot. The park rings, so the doorbell needs no exit of its own. */
static uint32_t await_answer(struct session *session, struct vcpu *vcpu)
{
    int64_t until_ns = host_now(vcpu) + ANSWER_TIMEOUT_NS;
    while (!has_answer(session) && host_now(vcpu) < until_ns)
        park(vcpu, has_answer, session, host_now(vcpu) + RING_AGAIN_NS, VMRPC_SLOT_DOORBELL);
    return answer(session->region, session->epoch);
}

const char *session_open(struct session *session, const struct region *region, struct vcpu *vcpu)
{
    session->region = region;
    do {
        session->agent_epoch = await_link(region, vcpu);
        if (!session->agent_epoch)
            return "no agent serves this region: start one on the host";
        channel_clear(region, 0); /* section 4: before the hello, which invites the agent to read */
        session->epoch = say_hello(region, vcpu->index);
        uint32_t status = await_answer(session, vcpu);
        if (status == VMRPC_SESSION_NONE)
            return "the agent did not answer the hello";
        if (status != VMRPC_SESSION_OPEN)
            return "the agent refused the session";
    } while (load_acquire64(&region->header->agent.agent_epoch) != session->agent_epoch); /* R11: another agent may have answered */
    return 0;
}

/* The status first, since an agent that closes withdraws its epoch before it ends its sessions; then link, agent_epoch last (R15). */
enum session_state session_state(const struct session *session)
{
    volatile struct vmrpc_header *header = session->region->header;
    int is_open = answer(session->region, session->epoch) == VMRPC_SESSION_OPEN;
    int is_unlinked = load_acquire32(&header->shim.link) != VMRPC_LINK_UP && load_acquire64(&header->shim.link_epoch) == session->agent_epoch;
    if (is_unlinked || load_acquire64(&header->agent.agent_epoch) != session->agent_epoch)
        return SESSION_AGENT_LOST;
    return is_open ? SESSION_ALIVE : SESSION_ENDED;
}

void session_ring(const struct session *session, const struct vcpu *vcpu)
{
    full_fence(); /* D2; partner: S2, the agent's fence between sleeping = 1 and its last look at the rings */
    if (load_acquire32(&session->region->header->agent_sleep.sleeping)) /* D3 */
        hypercall_doorbell(vcpu->instruction); /* D4 */
}

void session_close(struct session *session, const struct vcpu *vcpu)
{
    if (session->region->header->guest.guest_epoch != session->epoch)
        return;
    store_release64(&session->region->header->guest.guest_epoch, 0);
    session_ring(session, vcpu);
}
