/* SPDX-License-Identifier: Apache-2.0
 *
 * hostile: rubbish by a seed. Slots, rings and the guest's lines get any value, the hypercalls any number, width and form. The job ends
 * if nothing on the other side hangs for longer than the park's bound.
 *
 * `expected` differs from the event counter in all but a few of the parks, which else would last for up to 60 s each.
 */
#include "console.h"
#include "cpu.h"
#include "hypercall.h"
#include "job.h"
#include "number.h"

#define SHORT_NS 1000000

static void scribble(volatile void *line, uint32_t bytes, uint32_t *seed)
{
    volatile uint32_t *word = line;
    for (uint32_t i = 0; i < bytes / 4; i++)
        word[i] = next_random(seed);
}

static void hostile_slot(struct guest *guest, uint32_t *seed)
{
    volatile struct vmrpc_slot *slot = region_slot(&guest->region, 0);
    scribble(&slot->guest, sizeof slot->guest, seed);
    switch (next_random(seed) % 4) {
    case 0: slot->guest.deadline_ns = INT64_MIN; break;
    case 1: slot->guest.deadline_ns = VMRPC_NO_DEADLINE; break;
    case 2: /* a park that really waits, with whatever flags */
        slot->guest.expected = slot->agent.event;
        slot->guest.deadline_ns = host_now(&guest->vcpu) + next_random(seed) % SHORT_NS;
        break;
    default: break;
    }
    if (slot->guest.expected == slot->agent.event && next_random(seed) % 4)
        slot->guest.deadline_ns = 0;
    hypercall_park(guest->vcpu.instruction);
}

/* All that an OUT can say on our port; under TCG these are plain exits of an unassigned port. */
static void hostile_out(uint32_t *seed)
{
    static uint32_t words[8];
    uint32_t value = next_random(seed);
    uint16_t port = (uint16_t)(VMRPC_PORT - 4 + value % 8);
    const uint32_t *from = words;
    uint32_t count = 8;
    switch (value >> 28) {
    case 0: out8(port, (uint8_t)value); break;
    case 1: out16(port, (uint16_t)value); break;
    case 2: in8(port); break;
    case 3: in32(port); break;
    case 4:
        for (uint32_t i = 0; i < 8; i++)
            words[i] = next_random(seed) % 4;
        __asm__ volatile("rep outsl %%ds:(%%esi), %%dx" : "+S"(from), "+c"(count) : "d"(VMRPC_PORT) : "memory");
        break;
    default: out32(VMRPC_PORT, next_random(seed) % 2 ? next_random(seed) : value % 4); break;
    }
}

static void hostile_ring(struct guest *guest, uint32_t *seed)
{
    const struct region *region = &guest->region;
    uint32_t channel = next_random(seed) % region->channel_count;
    volatile struct vmrpc_submission *record = region_submissions(region, channel) + next_random(seed) % region->ring_capacity;
    uint64_t commit = record->commit;
    scribble(record, sizeof *record, seed);
    if (next_random(seed) % 2)
        record->commit = commit + 1 + next_random(seed) % 2;
    hypercall_doorbell(guest->vcpu.instruction);
}

/* Its own lines; what it does to those of others, the system test HostileGuestTest does. */
static void hostile_hello(struct guest *guest, uint32_t *seed)
{
    const struct region *region = &guest->region;
    scribble(&region->header->guest, sizeof region->header->guest, seed);
    scribble(&region_channel(region, 0)->guest, sizeof(struct vmrpc_channel_guest_line), seed);
    if (next_random(seed) % 2)
        region->header->guest.guest_version = VMRPC_VERSION_MAJOR << 16;
    if (next_random(seed) % 2)
        region->header->guest.guest_features = 0;
    hypercall_doorbell(guest->vcpu.instruction);
}

const char *job_hostile(struct guest *guest, const struct job *job)
{
    uint32_t seed = (uint32_t)job_number(job, "seed", 1) | 1;
    uint32_t count = (uint32_t)job_number(job, "count", 1000);
    print("hostile seed=%u count=%u\n", seed, count);
    for (uint32_t i = 0; i < count; i++) {
        switch (next_random(&seed) % 8) {
        case 0: hostile_hello(guest, &seed); break;
        case 1:
        case 2: hostile_ring(guest, &seed); break;
        case 3:
        case 4: hostile_out(&seed); break;
        default: hostile_slot(guest, &seed); break;
        }
    }
    store_release32(&region_slot(&guest->region, 0)->guest.armed, 0);
    guest->has_session = 0; /* whatever there was, is over */
    vcpu_bind(&guest->vcpu, &guest->region, 0);
    print("hostile survived=%u\n", count);
    return 0;
}
