/* SPDX-License-Identifier: Apache-2.0 */
#include "watch.h"

#define SLOT_BYTES sizeof(struct vmrpc_slot)
#define SLEEPING (2u * VMRPC_LINE)
#define SHIM_LINE offsetof(struct vmrpc_header, shim)

static uintptr_t base;
static unsigned served;

static struct {
    void (*act)(void *);
    void *context;
    unsigned nth;
    uint32_t *flip;
    int64_t flip_end_ns;
    int hostile;
    uint8_t looks[REGION_SLOTS][VMRPC_LINE]; /* at each byte of a guest line that begins a field */
} park;
static __thread int inside; /* slot + 1; 0: not in a park. Only one thread at a time parks here. */

void watch_region(const void *shims_mapping, unsigned slots_served)
{
    base = (uintptr_t)shims_mapping;
    served = slots_served;
    park.act = NULL;
    park.flip = NULL;
}

void watch_meanwhile(unsigned nth, void (*act)(void *), void *context)
{
    park.nth = nth;
    park.act = act;
    park.context = context;
}

void watch_flip(uint32_t *event, int64_t bound_ns)
{
    park.flip = event;
    park.flip_end_ns = fuzz_now_ns() + bound_ns + STUCK_NS;
}

void watch_park(unsigned slot, int fresh)
{
    inside = (int)slot + 1;
    if (!fresh)
        return;
    park.hostile = park.flip != NULL;
    for (unsigned i = 0; i < VMRPC_LINE; i++)
        park.looks[slot][i] = 0;
}

void watch_leave(void) { inside = 0; }

int watch_was_hostile(void) { return park.hostile; }

/* R3: the guest's line is read once, and of the rest only `event` and `sleeping`; nothing that the shim wrote is read back. */
static void judge_load(size_t offset, unsigned size)
{
    unsigned slot = (unsigned)inside - 1;
    size_t line = VMRPC_PAGE + slot * SLOT_BYTES;
    if (offset == SLEEPING && size == 4)
        return;
    if (offset == line + offsetof(struct vmrpc_slot, agent) && size == 4)
        return;
    MUST(offset >= line && offset < line + VMRPC_LINE, "park of slot %u reads %u bytes at %zu of the region", slot, size, offset);
    MUST(park.looks[slot][offset - line]++ == 0, "park of slot %u reads the guest's field at %zu a second time", slot, offset - line);
}

/* R2: the shim's line of the header, and of each slot that it serves; a park stores to its own slot's only. */
static void judge_store(size_t offset, unsigned size)
{
    unsigned slot = inside ? (unsigned)inside - 1 : (unsigned)((offset - VMRPC_PAGE) / SLOT_BYTES);
    size_t line = VMRPC_PAGE + slot * SLOT_BYTES + offsetof(struct vmrpc_slot, shim);
    if (!inside && offset >= SHIM_LINE && offset + size <= SHIM_LINE + VMRPC_LINE)
        return;
    MUST(offset >= line && offset + size <= line + VMRPC_LINE && slot < served, "the shim stores %u bytes at %zu of the region, which is not its line", size,
         offset);
}

static void before_load(const void *address, unsigned size)
{
    size_t offset = (uintptr_t)address - base;
    if (base == 0 || !inside)
        return;
    if (park.flip) {
        MUST(fuzz_now_ns() < park.flip_end_ns, "a guest that moves its event to and fro keeps slot %d parked", inside - 1);
        __atomic_store_n(park.flip, (uint32_t)(offset < REGION_BYTES ? 0 : 1), __ATOMIC_RELAXED);
    }
    if (offset >= REGION_BYTES)
        return;
    judge_load(offset, size);
    if (park.act && park.nth-- == 0) {
        void (*act)(void *) = park.act;
        park.act = NULL;
        park.hostile = 1;
        act(park.context);
    }
}

static void before_store(const void *address, unsigned size)
{
    size_t offset = (uintptr_t)address - base;
    if (base != 0 && offset < REGION_BYTES)
        judge_store(offset, size);
}

#define CALLBACKS(bytes)                                                                                                                             \
    void __sanitizer_cov_load##bytes(void *address);                                                                                                 \
    void __sanitizer_cov_load##bytes(void *address) { before_load(address, bytes); }                                                                 \
    void __sanitizer_cov_store##bytes(void *address);                                                                                                \
    void __sanitizer_cov_store##bytes(void *address) { before_store(address, bytes); }
CALLBACKS(1)
CALLBACKS(2)
CALLBACKS(4)
CALLBACKS(8)
CALLBACKS(16)
