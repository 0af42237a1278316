/* SPDX-License-Identifier: Apache-2.0
 *
 * The two rings of a channel (docs/protocol.md, section 5): positions, records, payload.
 */
#ifndef GUEST_RING_H
#define GUEST_RING_H

#include "region.h"

struct rings {
    const struct region *region;
    uint32_t channel;
    volatile struct vmrpc_channel_header *header;
    volatile struct vmrpc_submission *submissions;
    volatile struct vmrpc_completion *completions;
    uint64_t tail; /* submissions produced */
    uint64_t head; /* completions consumed */
};

struct submission {
    uint64_t correlation;
    uint32_t operation;
    uint32_t flags;
    int64_t deadline_ns;
    const void *payload;
    uint32_t length;
};

struct completion {
    uint64_t correlation;
    uint32_t status;
    uint32_t flags;
    uint32_t detail;
    uint64_t lost;
    uint32_t length;
    uint8_t *payload; /* room for the region's payload_capacity */
};

void rings_begin(struct rings *rings, const struct region *region, uint32_t channel);

/* Returns 0 if the submission ring is full. */
int ring_offer(struct rings *rings, const struct submission *submission);

/* Whether a completion is there: reads one line. */
int ring_has_completion(const struct rings *rings);

/* Takes the next completion. Returns 0 if none is there. */
int ring_take(struct rings *rings, struct completion *completion);

#endif
