/* SPDX-License-Identifier: Apache-2.0 */
#include "heap.h"

#include <stdlib.h>

static void put(struct heap *heap, uint32_t place, struct entry *entry)
{
    heap->entries[place] = entry;
    entry->place = place;
}

static void sift(struct heap *heap, struct entry *entry)
{
    uint32_t at = entry->place;
    while (at && heap->entries[(at - 1) / 2]->at_ns > entry->at_ns) {
        put(heap, at, heap->entries[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    for (uint32_t child; (child = 2 * at + 1) < heap->count; at = child) {
        if (child + 1 < heap->count && heap->entries[child + 1]->at_ns < heap->entries[child]->at_ns)
            child++;
        if (heap->entries[child]->at_ns >= entry->at_ns)
            break;
        put(heap, at, heap->entries[child]);
    }
    put(heap, at, entry);
}

int heap_place(struct heap *heap, struct entry *entry)
{
    if (entry->place == HEAP_OUTSIDE) {
        if (heap->count == heap->capacity) {
            uint32_t capacity = heap->capacity ? 2 * heap->capacity : 256;
            struct entry **more = realloc(heap->entries, capacity * sizeof *more);
            if (!more)
                return -1;
            heap->entries = more;
            heap->capacity = capacity;
        }
        put(heap, heap->count++, entry);
    }
    sift(heap, entry);
    return 0;
}

void heap_remove(struct heap *heap, struct entry *entry)
{
    if (entry->place == HEAP_OUTSIDE)
        return;
    struct entry *last = heap->entries[--heap->count];
    uint32_t place = entry->place;
    entry->place = HEAP_OUTSIDE;
    if (last != entry) {
        put(heap, place, last);
        sift(heap, last);
    }
}
