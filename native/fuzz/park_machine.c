/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "park_machine.h"

#include <string.h>
#include <unistd.h>

#include "park_steps.h"
#include "watch.h"

struct vmrpc_slot *machine_slot(struct machine *m, unsigned slot) { return (struct vmrpc_slot *)(m->bytes + VMRPC_PAGE) + slot; }

static void count_wake(void *context) { __atomic_fetch_add(&((struct machine *)context)->wakes, 1u, __ATOMIC_RELAXED); }

void machine_open(struct machine *m, unsigned config)
{
    static char path[200];
    static uint8_t shadow[REGION_BYTES];
    char error[300];
    if (!m->bytes) {
        scratch_path(path, sizeof path, "park");
        m->bytes = create_region(path);
        m->header = (struct vmrpc_header *)m->bytes;
        m->shadow = shadow;
    }
    struct vmrpc_identity identity = small_identity();
    memset(m->bytes, config & CONFIG_DIRTY ? 0xa5 : 0, REGION_BYTES);
    memcpy(m->bytes, &identity, sizeof identity);
    memcpy(m->shadow, m->bytes, REGION_BYTES);
    struct vmrpc_shim_config shim_config = {.region = path,
                                            .kind = VMRPC_SHIM_LOOPBACK,
                                            .instruction = VMRPC_INSTRUCTION_CALL,
                                            .kick_mode = config & CONFIG_SLICES ? VMRPC_KICK_SLICES : VMRPC_KICK_HOOK,
                                            .slots = config >> CONFIG_SLOTS_SHIFT & 3u,
                                            .slice_ns = SLICE_NS,
                                            .bound_ns = BOUND_NS,
                                            .without_waitv = (config & CONFIG_WITHOUT_WAITV) != 0};
    watch_region(NULL, 0);
    m->shim = vmrpc_shim_open(&shim_config, error, sizeof error);
    MUST(m->shim != NULL, "a valid region is refused: %s", error);
    m->slots = vmrpc_shim_slots(m->shim);
    MUST(m->slots == (shim_config.slots ? shim_config.slots : REGION_SLOTS), "%u slots served", m->slots);
    m->refused = m->up = m->disturbed = 0;
    m->wakes = 0;
    m->own_words = (config & CONFIG_KICK_WORD) != 0;
    m->slices = shim_config.kick_mode == VMRPC_KICK_SLICES;
    for (unsigned i = 0; i < REGION_SLOTS; i++)
        m->slot[i] = (struct expectation){.acks = machine_slot(m, i)->shim.acks, .parks_since_kick = SETTLE_STEPS};
    for (unsigned i = 0; m->own_words && i < m->slots; i++) {
        m->kick_word[i] = 0;
        vmrpc_shim_watch_kicks(m->shim, i, &m->kick_word[i], KICK_MASK);
    }
    machine_check_lines(m);
    watch_region(m->shim->header, m->slots);
    if (config & CONFIG_WAKER)
        MUST(vmrpc_shim_keep_waker(m->shim, 0, vmrpc_monotonic_ns(), count_wake, m) == 0, "no waker");
}

void machine_close(struct machine *m)
{
    for (unsigned i = 0; i < m->slots; i++)
        if (m->slot[i].open)
            machine_end(m, i, VMRPC_WAKE_INTERRUPT);
    watch_leave();
    vmrpc_shim_close(m->shim);
    watch_region(NULL, 0);
    machine_check_lines(m);
}

void machine_store(struct machine *m, size_t offset, const void *bytes, size_t n)
{
    if (offset + n > REGION_BYTES)
        n = REGION_BYTES - offset;
    memcpy(m->bytes + offset, bytes, n);
    memcpy(m->shadow + offset, bytes, n);
}

static void check_range(struct machine *m, size_t from, size_t to)
{
    if (memcmp(m->bytes + from, m->shadow + from, to - from) == 0)
        return;
    while (m->bytes[from] == m->shadow[from])
        from++;
    fail("byte %zu of the region has changed, which is in no line of the shim's", from);
}

void machine_check_lines(struct machine *m)
{
    size_t shim_line = offsetof(struct vmrpc_header, shim), from = shim_line + VMRPC_LINE;
    check_range(m, 0, shim_line);
    for (unsigned i = 0; i < m->slots; i++) {
        size_t line = VMRPC_PAGE + i * sizeof(struct vmrpc_slot) + offsetof(struct vmrpc_slot, shim);
        check_range(m, from, line);
        from = line + VMRPC_LINE;
    }
    check_range(m, from, REGION_BYTES);
}

uint64_t machine_rings(struct machine *m)
{
    uint64_t rings = 0; /* without an agent the doorbell is another number of this eventfd */
    return read(m->shim->nowhere_fd, &rings, sizeof rings) == (ssize_t)sizeof rings ? rings : 0;
}

void machine_resync(struct machine *m)
{
    for (unsigned i = 0; i < m->slots; i++) {
        struct parker *p = &m->shim->parker[i];
        m->slot[i].kicked = p->kicks != p->kicks_reported;
        m->slot[i].marked = (m->kick_word[i] & KICK_MASK) != 0 && m->own_words;
        m->slot[i].lost = m->shim->losses != p->losses_reported;
        m->slot[i].parks_since_kick = p->settled;
    }
    m->refused = m->shim->refusal != 0;
}

/* What ends a park that the guest has armed, before the clock is asked: R31, R33, R34, in the order in which they are told. */
static int pending(const struct machine *m, unsigned slot)
{
    const struct expectation *e = &m->slot[slot];
    const struct vmrpc_slot *s = (const struct vmrpc_slot *)(m->shadow + VMRPC_PAGE) + slot;
    uint32_t expected = e->open ? e->park.expected : s->guest.expected;
    return s->agent.event != expected ? VMRPC_WAKE_EVENT
           : m->refused               ? VMRPC_WAKE_REFUSED
           : e->lost                  ? VMRPC_WAKE_AGENT_LOST
           : e->kicked || e->marked   ? VMRPC_WAKE_KICK
                                      : -1;
}

static void told(struct expectation *e, int reason)
{
    if (reason == VMRPC_WAKE_AGENT_LOST)
        e->lost = 0;
    if (reason == VMRPC_WAKE_KICK)
        e->kicked = 0;
}

/* The reason that a park must return at once with, or -1: it waits. */
static int at_once(const struct machine *m, unsigned slot, const struct vmrpc_slot_guest_line *guest, int64_t entered_ns)
{
    if (guest->armed == 0)
        return VMRPC_WAKE_NOT_ARMED;
    int reason = pending(m, slot);
    if (reason >= 0)
        return reason;
    if ((guest->flags & VMRPC_SLOT_DOORBELL) && !m->up)
        return VMRPC_WAKE_AGENT_LOST;
    return guest->deadline_ns <= entered_ns ? VMRPC_WAKE_DEADLINE : -1;
}

/* A park that waited: not beyond the first of its limits, not before it, and with the limit's name. */
static void check_limit(const struct machine *m, unsigned slot, int64_t deadline_ns, const struct vmrpc_park *p)
{
    static const int64_t settling[SETTLE_STEPS] = {200000, 2000000, 20000000};
    unsigned since = m->slot[slot].parks_since_kick;
    int64_t bound = p->entered_ns + BOUND_NS, slice = INT64_MAX;
    if (m->slices)
        slice = p->entered_ns + SLICE_NS;
    if (since < SETTLE_STEPS && p->entered_ns + settling[since] < slice)
        slice = p->entered_ns + settling[since];
    int64_t until = deadline_ns < bound ? deadline_ns : bound;
    until = slice < until ? slice : until;
    MUST(p->until_ns == until, "the park of slot %u may last until %lld instead of %lld", slot, (long long)p->until_ns, (long long)until);
    int64_t named = p->reason_at_until == VMRPC_WAKE_DEADLINE ? deadline_ns
                    : p->reason_at_until == VMRPC_WAKE_SLICE  ? slice
                    : p->reason_at_until == VMRPC_WAKE_BOUND  ? bound
                                                              : -1;
    MUST(named == until, "the limit of slot %u is called %d", slot, p->reason_at_until);
}

void machine_begin(struct machine *m, unsigned slot)
{
    struct expectation *e = &m->slot[slot];
    struct vmrpc_slot_guest_line guest = machine_slot(m, slot)->guest;
    uint32_t sleeping = m->header->agent_sleep.sleeping;
    machine_rings(m);
    int64_t before = fuzz_now_ns();
    watch_park(slot, 1);
    int waits = vmrpc_park_begin(m->shim, slot, &e->park);
    watch_leave();
    int64_t after = fuzz_now_ns();
    MUST(before <= e->park.entered_ns && e->park.entered_ns <= after, "slot %u: entered_ns is not now", slot);
    MUST(waits || e->park.reason <= VMRPC_WAKE_INTERRUPT, "slot %u: reason %d", slot, e->park.reason);
    MUST(!waits || (e->park.until_ns <= e->park.entered_ns + BOUND_NS && e->park.waited), "slot %u parks for longer than the bound", slot);
    if (watch_was_hostile() || m->disturbed) {
        machine_resync(m);
    } else {
        e->open = 0; /* `pending` must look at the guest's `expected` */
        int reason = at_once(m, slot, &guest, e->park.entered_ns);
        uint64_t rings = guest.armed && (guest.flags & VMRPC_SLOT_DOORBELL) && sleeping == 1;
        MUST(machine_rings(m) == rings, "slot %u: the doorbell must be rung %d times (R37)", slot, (int)rings);
        MUST(waits == (reason < 0), "slot %u %s", slot, waits ? "waits though it must not" : "does not wait");
        MUST(waits || e->park.reason == (unsigned)reason, "slot %u: reason %d instead of %d", slot, e->park.reason, reason);
        if (waits)
            check_limit(m, slot, guest.deadline_ns, &e->park);
        told(e, reason);
        e->parks_since_kick = m->shim->parker[slot].settled;
    }
    e->open = 1;
    e->waits = waits;
}

void machine_is_over(struct machine *m, unsigned slot)
{
    struct expectation *e = &m->slot[slot];
    if (!e->open || !e->waits)
        return;
    int reason = pending(m, slot);
    watch_park(slot, 0);
    int over = vmrpc_park_is_over(&e->park);
    watch_leave();
    e->waits = !over;
    if (watch_was_hostile()) {
        machine_resync(m);
        return;
    }
    MUST(over == (reason >= 0) && (!over || e->park.reason == (unsigned)reason), "slot %u is%s over for reason %d, expected %d", slot, over ? "" : " not",
         e->park.reason, reason);
    told(e, reason);
}

void machine_foretell(struct machine *m, unsigned slot)
{
    struct expectation *e = &m->slot[slot];
    if (!e->open || !e->waits || e->foretold)
        return;
    watch_park(slot, 0);
    vmrpc_park_foretell(&e->park);
    watch_leave();
    e->foretold = 1;
    struct vmrpc_slot_shim_line line = machine_slot(m, slot)->shim;
    MUST(line.acks == ++e->acks && line.reason == VMRPC_WAKE_INTERRUPT, "slot %u: acks %llu and reason %u are foretold", slot, (unsigned long long)line.acks,
         line.reason);
}

void machine_wait(struct machine *m, unsigned slot)
{
    struct expectation *e = &m->slot[slot];
    if (!e->open || !e->waits)
        return;
    int reason = pending(m, slot);
    watch_park(slot, 0);
    vmrpc_park_wait(&e->park);
    watch_leave();
    int64_t now = fuzz_now_ns();
    MUST(now < e->park.until_ns + STUCK_NS, "slot %u returned %lld ns late", slot, (long long)(now - e->park.until_ns));
    if (e->park.reason == e->park.reason_at_until)
        MUST(now >= e->park.until_ns, "slot %u returned before its time", slot);
    if (watch_was_hostile() || m->disturbed) {
        machine_resync(m);
    } else {
        MUST(e->park.reason == (reason >= 0 ? (unsigned)reason : e->park.reason_at_until), "slot %u: reason %d, expected %d", slot, e->park.reason, reason);
        told(e, reason);
    }
    e->waits = 0;
}

static void check_answer(const struct vmrpc_slot_shim_line *line, const struct expectation *e, const struct parker *p, unsigned slot)
{
    MUST(line->acks == e->acks, "slot %u: acks is %llu, expected %llu", slot, (unsigned long long)line->acks, (unsigned long long)e->acks);
    MUST(line->reason == e->park.reason && line->reason <= VMRPC_WAKE_INTERRUPT, "slot %u: reason %u in the region", slot, line->reason);
    MUST(line->returned_ns >= e->park.entered_ns && line->returned_ns <= fuzz_now_ns(), "slot %u: returned_ns is not now", slot);
    MUST(line->parks == p->parks, "slot %u: parks is %llu", slot, (unsigned long long)line->parks);
    if (e->park.reason == VMRPC_WAKE_KICK)
        MUST(line->kicks == p->kicked && (p->settled == 0 || p->kick_word), "slot %u: kicks %llu, settled %u", slot, (unsigned long long)line->kicks, p->settled);
}

void machine_end(struct machine *m, unsigned slot, enum vmrpc_wake_reason otherwise)
{
    struct expectation *e = &m->slot[slot];
    if (!e->open)
        return;
    if (e->waits)
        e->park.reason = otherwise;
    watch_park(slot, 0);
    vmrpc_park_end(&e->park);
    watch_leave();
    struct vmrpc_slot_shim_line line = machine_slot(m, slot)->shim;
    const struct parker *p = &m->shim->parker[slot];
    int stands = e->foretold && e->park.reason == VMRPC_WAKE_INTERRUPT; /* R44: the guest has run on since, and may have stored anything */
    e->acks += !e->foretold;
    e->open = e->waits = e->foretold = 0;
    MUST(p->acks == e->acks, "slot %u: the shim's acks is %llu, expected %llu", slot, (unsigned long long)p->acks, (unsigned long long)e->acks);
    if (e->park.waited)
        MUST(line.parked == 0, "slot %u: parked is %u", slot, line.parked);
    if (!stands)
        check_answer(&line, e, p, slot);
    e->parks_since_kick = p->settled;
}

void machine_park(struct machine *m, unsigned slot)
{
    machine_end(m, slot, VMRPC_WAKE_INTERRUPT);
    machine_begin(m, slot);
    machine_wait(m, slot);
    machine_end(m, slot, VMRPC_WAKE_INTERRUPT);
}
