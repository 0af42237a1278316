/* SPDX-License-Identifier: Apache-2.0 */
#include "ring.h"

#include "cpu.h"

void rings_begin(struct rings *rings, const struct region *region, uint32_t channel)
{
    rings->region = region;
    rings->channel = channel;
    rings->header = region_channel(region, channel);
    rings->submissions = region_submissions(region, channel);
    rings->completions = region_completions(region, channel);
    rings->tail = 0;
    rings->head = 0;
}

static uint32_t index_of(const struct rings *rings, uint64_t position)
{
    return (uint32_t)position & (rings->region->ring_capacity - 1);
}

/* Payload of both rings begins at a multiple of 8. By words: where KVM emulates, each instruction counts. */
static void copy(volatile void *to, const volatile void *from, uint32_t length)
{
    volatile uint32_t *to_word = to;
    const volatile uint32_t *from_word = from;
    for (; length >= sizeof *to_word; length -= (uint32_t)sizeof *to_word)
        *to_word++ = *from_word++;
    volatile uint8_t *to_byte = (volatile uint8_t *)to_word;
    const volatile uint8_t *from_byte = (const volatile uint8_t *)from_word;
    while (length--)
        *to_byte++ = *from_byte++;
}

int ring_offer(struct rings *rings, const struct submission *submission)
{
    uint64_t head = load_acquire64(&rings->header->agent.submission_head);
    if (rings->tail - head >= rings->region->ring_capacity) /* R17 */
        return 0;
    uint32_t index = index_of(rings, rings->tail);
    volatile struct vmrpc_submission *record = &rings->submissions[index];
    int is_inline = submission->length <= VMRPC_INLINE_CAPACITY;
    copy(is_inline ? record->payload : region_submission_payload(rings->region, rings->channel, index), submission->payload, submission->length);
    record->correlation = submission->correlation;
    record->operation = submission->operation;
    record->flags = submission->flags;
    record->length = submission->length;
    record->reserved = 0;
    record->deadline_ns = submission->deadline_ns;
    store_release64(&record->commit, ++rings->tail); /* R18, D1; partner: the agent's acquire of `commit` */
    return 1;
}

int ring_has_completion(const struct rings *rings)
{
    return load_acquire64(&rings->completions[index_of(rings, rings->head)].commit) == rings->head + 1;
}

int ring_take(struct rings *rings, struct completion *completion)
{
    if (!ring_has_completion(rings)) /* R18: acquire; partner: the agent's release of `commit` */
        return 0;
    uint32_t index = index_of(rings, rings->head);
    volatile struct vmrpc_completion *record = &rings->completions[index];
    completion->correlation = record->correlation;
    completion->status = record->status;
    completion->flags = record->flags;
    completion->detail = record->detail;
    completion->lost = record->lost;
    completion->length = record->length;
    int is_inline = completion->length <= VMRPC_INLINE_CAPACITY;
    copy(completion->payload, is_inline ? record->payload : region_completion_payload(rings->region, rings->channel, index), completion->length);
    store_release64(&rings->header->guest.completion_head, ++rings->head); /* R18: the record is not read after this */
    return 1;
}
