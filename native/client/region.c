/* SPDX-License-Identifier: Apache-2.0
 *
 * R10 asks for a lock of byte 2 of the device's file: it keeps two processes of one guest kernel apart. This guest has no
 * processes and no files: it is the machine's only program, and the device is this machine's alone (the shim holds byte 1).
 */
#include "region.h"

#include "cpu.h"

static int is_power_of_two(uint32_t value)
{
    return value && !(value & (value - 1));
}

/* R6 and R7. */
static const char *check_geometry(const struct region *region, uint32_t slot_offset, uint32_t length)
{
    if (region->slot_count < 1 || region->slot_count > VMRPC_MAX_SLOTS)
        return "slot_count is not 1 to 256";
    if (region->channel_count < 1 || region->channel_count > VMRPC_MAX_CHANNELS)
        return "channel_count is not 1 to 256";
    if (region->ring_capacity < 2 || region->ring_capacity > VMRPC_MAX_RING_CAPACITY || !is_power_of_two(region->ring_capacity))
        return "ring_capacity is not a power of two from 2 to 65536";
    if (region->payload_capacity < 64 || region->payload_capacity > VMRPC_MAX_PAYLOAD || region->payload_capacity % 64)
        return "payload_capacity is not a multiple of 64 from 64 to 1 MiB";
    uint32_t slots_end = VMRPC_PAGE + region->slot_count * (uint32_t)sizeof(struct vmrpc_slot);
    if (slot_offset != VMRPC_PAGE || region->channel_offset != (slots_end + VMRPC_PAGE - 1) / VMRPC_PAGE * VMRPC_PAGE)
        return "slot_offset or channel_offset is not where the slots say";
    uint64_t stride = sizeof(struct vmrpc_channel_header) + 2 * (uint64_t)region->ring_capacity * (VMRPC_LINE + region->payload_capacity);
    stride = (stride + VMRPC_PAGE - 1) & ~(uint64_t)(VMRPC_PAGE - 1);
    if (stride != region->channel_stride)
        return "channel_stride is not what the rings take";
    if (region->channel_offset + stride * region->channel_count > length)
        return "the channels end beyond the region";
    return 0;
}

const char *region_open(struct region *region, const struct bar *bar)
{
    region->base = (volatile uint8_t *)bar->address;
    region->header = (volatile struct vmrpc_header *)region->base;
    volatile struct vmrpc_identity *identity = &region->header->identity;
    if (bar->length < 65536)
        return "the region's BAR is smaller than 64 KiB";
    if (load_acquire64(&identity->magic) != VMRPC_MAGIC) /* first: it was stored last */
        return "the magic number is another one: no agent has made this file a region";
    if (identity->version >> 16 != VMRPC_VERSION_MAJOR)
        return "the region has another major version: use the same release in guest and host";
    if (identity->header_length != VMRPC_PAGE)
        return "header_length is not 4096";
    if (identity->region_length != bar->length)
        return "region_length differs from the BAR's";
    region->slot_count = identity->slot_count;
    region->channel_count = identity->channel_count;
    region->channel_offset = identity->channel_offset;
    region->channel_stride = identity->channel_stride;
    region->ring_capacity = identity->ring_capacity;
    region->payload_capacity = identity->payload_capacity;
    return check_geometry(region, identity->slot_offset, bar->length);
}

volatile struct vmrpc_slot *region_slot(const struct region *region, uint32_t slot)
{
    return (volatile struct vmrpc_slot *)(region->base + VMRPC_PAGE) + slot;
}

volatile struct vmrpc_channel_header *region_channel(const struct region *region, uint32_t channel)
{
    return (volatile struct vmrpc_channel_header *)(region->base + region->channel_offset + channel * region->channel_stride);
}

volatile struct vmrpc_submission *region_submissions(const struct region *region, uint32_t channel)
{
    return (volatile struct vmrpc_submission *)(region_channel(region, channel) + 1);
}

volatile struct vmrpc_completion *region_completions(const struct region *region, uint32_t channel)
{
    return (volatile struct vmrpc_completion *)(region_submissions(region, channel) + region->ring_capacity);
}

volatile uint8_t *region_submission_payload(const struct region *region, uint32_t channel, uint32_t index)
{
    return (volatile uint8_t *)(region_completions(region, channel) + region->ring_capacity) + index * region->payload_capacity;
}

volatile uint8_t *region_completion_payload(const struct region *region, uint32_t channel, uint32_t index)
{
    return region_submission_payload(region, channel, region->ring_capacity + index);
}
