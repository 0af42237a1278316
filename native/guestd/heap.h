/* SPDX-License-Identifier: Apache-2.0
 *
 * A binary heap of timers by time; each knows its place, so that it can be moved or taken out.
 */
#ifndef GUESTD_HEAP_H
#define GUESTD_HEAP_H

#include <stdint.h>

#define HEAP_OUTSIDE UINT32_MAX

struct entry {
    int64_t at_ns;
    uint32_t place; /* HEAP_OUTSIDE: not in the heap */
};

struct heap {
    struct entry **entries;
    uint32_t count, capacity;
};

/* Puts an entry in, or where its changed at_ns says. -1: out of memory, and the entry is outside. */
int heap_place(struct heap *heap, struct entry *entry);
void heap_remove(struct heap *heap, struct entry *entry); /* nothing if it is outside */

static inline struct entry *heap_first(const struct heap *heap) { return heap->count ? heap->entries[0] : 0; }

#endif
