/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests and their completions on one channel, used by one vCPU.
 */
#ifndef GUEST_CHANNEL_H
#define GUEST_CHANNEL_H

#include "ring.h"
#include "session.h"

#define CHANNEL_FULL UINT64_C(0) /* no correlation id is 0 */

struct channel {
    struct rings rings;
    struct session *session;
    struct vcpu *vcpu;
    uint64_t correlation; /* the last one given */
    uint32_t is_unrung;   /* something was submitted since the agent was rung */
};

enum await_result { AWAIT_COMPLETION, AWAIT_DEADLINE, AWAIT_AGENT_LOST, AWAIT_ENDED };

/* Zeroes what the guest must before a channel begins (section 4, R23). */
void channel_clear(const struct region *region, uint32_t channel);

/* Channel 0 of a session that is open. */
void channel_begin(struct channel *channel, struct session *session, struct vcpu *vcpu);

/* Another channel, by OPEN_CHANNEL on channel 0; its completions wake `vcpu`. Returns the request's status. */
uint32_t channel_open(struct channel *channel, struct channel *control, uint32_t number, struct vcpu *vcpu);
uint32_t channel_close(struct channel *control, uint32_t number);

/* Returns the correlation id, or CHANNEL_FULL. The agent sees it by the next channel_await or channel_flush. */
uint64_t channel_submit(struct channel *channel, uint32_t operation, uint32_t flags, int64_t deadline_ns, const void *payload, uint32_t length);
void channel_flush(struct channel *channel);

/* Takes a completion, parking until it is there, the deadline, or the session's end. */
enum await_result channel_await(struct channel *channel, int64_t deadline_ns, struct completion *completion);

/* Submits and waits. Returns the completion's status, or 255 if there was none: the session ended. */
uint32_t channel_call(struct channel *channel, uint32_t operation, const void *payload, uint32_t length, struct completion *completion);
#define CHANNEL_NO_STATUS 255u

/* The number of a service by RESOLVE; 0 if the agent does not know it. */
uint32_t channel_resolve(struct channel *channel, const char *name);

#endif
