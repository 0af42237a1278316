/* SPDX-License-Identifier: Apache-2.0
 *
 * The region (docs/protocol.md, section 2), and where in it the parts stand.
 */
#ifndef CLIENT_REGION_H
#define CLIENT_REGION_H

#include "pci.h"
#include "vmrpc_abi.h"

struct region {
    volatile uint8_t *base;
    volatile struct vmrpc_header *header;
    uint32_t slot_count;
    uint32_t channel_count;
    uint32_t channel_offset;
    uint32_t channel_stride;
    uint32_t ring_capacity;
    uint32_t payload_capacity;
};

/* R8: 0, or how the region differs from what this guest understands. */
const char *region_open(struct region *region, const struct bar *bar);

volatile struct vmrpc_slot *region_slot(const struct region *region, uint32_t slot);
volatile struct vmrpc_channel_header *region_channel(const struct region *region, uint32_t channel);
volatile struct vmrpc_submission *region_submissions(const struct region *region, uint32_t channel);
volatile struct vmrpc_completion *region_completions(const struct region *region, uint32_t channel);

/* The payload buffer of record `index` of each ring. */
volatile uint8_t *region_submission_payload(const struct region *region, uint32_t channel, uint32_t index);
volatile uint8_t *region_completion_payload(const struct region *region, uint32_t channel, uint32_t index);

#endif
