/* SPDX-License-Identifier: Apache-2.0
 *
 * Serving the tables: timers that changed go into the heap, those that are due are delivered. All on the idler's thread.
 *
 * A program's table is read as carefully as a guest's ring is by the agent: a field once into a local, and what is relied on afterwards
 * stands in timer_entry.
 */
#define _GNU_SOURCE
#include <stdlib.h>

#include <unistd.h>

#include "cpu.h"
#include "guestd.h"

#define MAX_LEAD_NS 1000000u
#define LEAST_NS 50000  /* between two deliveries of one timer: who asks for more has them counted */
#define AGAIN_NS 1000000 /* a signal that could not be queued is tried again */
#define SOON_NS 2000 /* a timer that is due so soon is waited for here: less than a park costs */

#define LOAD(p) __atomic_load_n(p, __ATOMIC_RELAXED)
#define STORE(p, v) __atomic_store_n(p, v, __ATOMIC_RELAXED)

static struct table_timer *line_of(struct member *member, const struct timer_entry *entry) { return &member->table->timer[entry->number]; }

static int64_t clamped_sum(int64_t a, int64_t b)
{
    int64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? (b > 0 ? INT64_MAX : INT64_MIN) : sum;
}

static int64_t clamped_difference(int64_t a, int64_t b)
{
    int64_t difference;
    return __builtin_sub_overflow(a, b, &difference) ? (a > b ? INT64_MAX : INT64_MIN) : difference;
}

static int64_t clamped_product(uint64_t count, int64_t interval_ns)
{
    int64_t product;
    return count > INT64_MAX || __builtin_mul_overflow((int64_t)count, interval_ns, &product) ? INT64_MAX : product;
}

/* When to act for the expiration at `deadline_ns`, by CLOCK_MONOTONIC. */
static int64_t moment(const struct table_timer *line, int64_t deadline_ns)
{
    uint32_t lead = LOAD(&line->lead_ns);
    if (LOAD(&line->is_realtime))
        deadline_ns = clamped_sum(deadline_ns, now_ns(CLOCK_MONOTONIC) - now_ns(CLOCK_REALTIME));
    return clamped_sum(deadline_ns, -(int64_t)(lead < MAX_LEAD_NS ? lead : MAX_LEAD_NS));
}

static void take_out(struct guestd *guestd, struct timer_entry *entry)
{
    heap_remove(&guestd->heap, &entry->entry);
    guestd->event_waiters -= entry->is_event_waiter;
    entry->is_event_waiter = 0;
}

/* I2: what the timer says now. Whatever a program writes meanwhile sets its dirty bit again. */
static void read_timer(struct guestd *guestd, struct member *member, struct timer_entry *entry)
{
    struct table_timer *line = line_of(member, entry);
    uint32_t armed = __atomic_load_n(&line->armed, __ATOMIC_ACQUIRE);
    if (armed == 0) {
        take_out(guestd, entry);
        entry->generation = 0;
        return;
    }
    if (armed != entry->generation) {
        STORE(&line->expirations, 0);
        __atomic_store_n(&line->generation, armed, __ATOMIC_RELEASE);
    } else if (entry->entry.place == HEAP_OUTSIDE) {
        return; /* once, and it has expired */
    }
    entry->generation = armed;
    int64_t passed = 0; /* those of a series that have expired */
    if (__builtin_mul_overflow((int64_t)LOAD(&line->expirations), LOAD(&line->interval_ns), &passed) || passed < 0)
        passed = INT64_MAX;
    take_out(guestd, entry);
    entry->entry.at_ns = entry->due_ns = moment(line, clamped_sum(LOAD(&line->deadline_ns), passed));
    if (heap_place(&guestd->heap, &entry->entry) == 0 && LOAD(&line->kind) == TIMER_EVENT) {
        entry->event = LOAD(&line->event);
        entry->is_event_waiter = 1;
        guestd->event_waiters++;
    }
}

static void read_dirty(struct guestd *guestd, struct member *member)
{
    uint64_t summary = __atomic_exchange_n(&member->table->summary, 0, __ATOMIC_SEQ_CST);
    for (; summary; summary &= summary - 1) {
        unsigned word = (unsigned)__builtin_ctzll(summary);
        uint64_t dirty = __atomic_exchange_n(&member->table->dirty[word], 0, __ATOMIC_SEQ_CST);
        for (; dirty; dirty &= dirty - 1)
            read_timer(guestd, member, &member->timers[word * 64 + (unsigned)__builtin_ctzll(dirty)]);
    }
}

static void take_new_fds(struct member *member)
{
    __atomic_store_n(&member->has_new_fds, 0, __ATOMIC_SEQ_CST);
    for (unsigned i = 0; i < TABLE_TIMERS; i++) {
        struct timer_entry *entry = &member->timers[i];
        int fd = LOAD(&entry->new_fd) ? __atomic_exchange_n(&entry->new_fd, 0, __ATOMIC_ACQ_REL) : 0;
        if (fd && entry->count_fd > 0)
            close(entry->count_fd - 1);
        if (fd)
            entry->count_fd = fd > 0 ? fd : 0;
    }
}

/* The program may live on, having closed its socket past our library: who waits is told to look. */
static void leave(struct guestd *guestd, struct member *member)
{
    __atomic_store_n(&member->table->is_serving, 0, __ATOMIC_SEQ_CST);
    for (unsigned i = 0; i < TABLE_TIMERS; i++) {
        if (member->timers[i].entry.place != HEAP_OUTSIDE)
            deliver_end(member, &member->timers[i], line_of(member, &member->timers[i]));
        take_out(guestd, &member->timers[i]);
    }
    __atomic_store_n(&member->state, MEMBER_DEAD, __ATOMIC_RELEASE);
}

static int has_changed(const struct member *member)
{
    return LOAD(&member->table->summary) || !LOAD(&member->table->is_serving) || LOAD(&member->has_new_fds);
}

int serve_has_changes(const struct guestd *guestd)
{
    uint32_t end = __atomic_load_n(&guestd->members_end, __ATOMIC_ACQUIRE);
    for (uint32_t i = 0; i < end; i++) {
        uint32_t state = __atomic_load_n(&guestd->members[i].state, __ATOMIC_ACQUIRE);
        if (state == MEMBER_LEAVING || (state == MEMBER_JOINED && has_changed(&guestd->members[i])))
            return 1;
    }
    return LOAD(&guestd->clock_was_set) != 0;
}

/* CLOCK_REALTIME was set: what waits for a time of it waits for another moment. */
static void read_realtime(struct guestd *guestd, struct member *member)
{
    for (unsigned i = 0; i < TABLE_TIMERS; i++)
        if (member->timers[i].entry.place != HEAP_OUTSIDE && LOAD(&member->table->timer[i].is_realtime))
            read_timer(guestd, member, &member->timers[i]);
}

void serve_changes(struct guestd *guestd)
{
    int was_set = __atomic_exchange_n(&guestd->clock_was_set, 0, __ATOMIC_SEQ_CST) != 0;
    uint32_t end = __atomic_load_n(&guestd->members_end, __ATOMIC_ACQUIRE);
    for (uint32_t i = 0; i < end; i++) {
        struct member *member = &guestd->members[i];
        switch (__atomic_load_n(&member->state, __ATOMIC_ACQUIRE)) {
        case MEMBER_JOINED:
            if (!LOAD(&member->table->is_serving)) /* it has just joined; it set the dirty bits of what a former service served */
                __atomic_store_n(&member->table->is_serving, 1, __ATOMIC_RELEASE);
            if (LOAD(&member->has_new_fds))
                take_new_fds(member);
            if (was_set)
                read_realtime(guestd, member);
            if (LOAD(&member->table->summary))
                read_dirty(guestd, member);
            break;
        case MEMBER_LEAVING:
            leave(guestd, member);
            break;
        default:
            break;
        }
    }
}

int64_t serve_publish_next(struct guestd *guestd)
{
    struct entry *first = heap_first(&guestd->heap);
    int64_t next_ns = first ? first->at_ns : INT64_MAX;
    STORE(&guestd->next_ns, next_ns);
    return next_ns;
}

static void place(struct guestd *guestd, struct timer_entry *entry, int64_t at_ns)
{
    entry->entry.at_ns = at_ns;
    heap_place(&guestd->heap, &entry->entry);
}

static void expire(struct guestd *guestd, struct timer_entry *entry, int64_t now)
{
    struct member *member = &guestd->members[entry->member];
    struct table_timer *line = line_of(member, entry);
    if (__atomic_load_n(&line->armed, __ATOMIC_ACQUIRE) != entry->generation) {
        read_timer(guestd, member, entry);
        return;
    }
    guestd->wakes++;
    int64_t interval_ns = LOAD(&line->interval_ns), due_ns = entry->due_ns, late_ns = clamped_difference(now, due_ns);
    int is_series = interval_ns > 0 && LOAD(&line->kind) != TIMER_WAKE && LOAD(&line->kind) != TIMER_EVENT;
    uint64_t count = 1 + (is_series && late_ns > 0 ? (uint64_t)late_ns / (uint64_t)interval_ns : 0);
    /* All of this before it is told: a thread that is woken runs at once, may arm the timer again, and keep us off the CPU. */
    take_out(guestd, entry);
    if (is_series) {
        entry->due_ns = clamped_sum(due_ns, clamped_product(count, interval_ns));
        place(guestd, entry, interval_ns < LEAST_NS && entry->due_ns < now + LEAST_NS ? now + LEAST_NS : entry->due_ns);
    }
    serve_publish_next(guestd);
    STORE(&line->late_ns, late_ns);
    if (!deliver(member, entry, line, count)) {
        entry->due_ns = due_ns;
        place(guestd, entry, now + AGAIN_NS);
    }
}

void serve_event(struct guestd *guestd)
{
    for (uint32_t i = 0, left = guestd->heap.count; left && guestd->event_waiters && i < guestd->heap.count;) {
        struct timer_entry *entry = (struct timer_entry *)guestd->heap.entries[i++];
        if (entry->is_event_waiter && entry->event != guestd->event) {
            expire(guestd, entry, now_ns(CLOCK_MONOTONIC));
            i = 0; /* the heap has changed */
            left--;
        }
    }
}

/* As many as there are: a series that is due again has its next turn after what changed meanwhile. */
void serve_due(struct guestd *guestd)
{
    struct entry *first;
    for (uint32_t left = guestd->heap.count; left && (first = heap_first(&guestd->heap)); left--) {
        int64_t now = now_ns(CLOCK_MONOTONIC);
        if (first->at_ns > now + SOON_NS)
            break;
        while (now < first->at_ns) /* never early */
            now = now_ns(CLOCK_MONOTONIC);
        expire(guestd, (struct timer_entry *)first, now);
    }
}
