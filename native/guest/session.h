/* SPDX-License-Identifier: Apache-2.0
 *
 * One use of the region: hello, doorbell, and the question whether the agent still lives (docs/protocol.md, section 4).
 */
#ifndef GUEST_SESSION_H
#define GUEST_SESSION_H

#include "park.h"

struct session {
    const struct region *region;
    uint64_t epoch;
    uint64_t agent_epoch;
};

enum session_state { SESSION_ALIVE, SESSION_AGENT_LOST, SESSION_ENDED };

/* Zeroes the submission ring of channel 0 and says hello. 0, or why there is no session. */
const char *session_open(struct session *session, const struct region *region, struct vcpu *vcpu);

/* R15. To be asked before every park that waits for completions (R32). */
enum session_state session_state(const struct session *session);

/* D2 to D4: after submissions were committed. */
void session_ring(const struct session *session, const struct vcpu *vcpu);

/* R14: the agent frees at once what the session held. */
void session_close(struct session *session, const struct vcpu *vcpu);

#endif
