/* SPDX-License-Identifier: MIT
 *
 * One park: snapshot the slot, ring, wait, publish. Runs on the vCPU's thread, takes no lock, allocates nothing.
 *
 * What ends a park, besides event and time, is counted: kicks and lost links. A count is *reported* when a park returned for it,
 * so one that came between two parks, or together with an event, ends the next park at once and is never lost.
 *
 * Settling. QEMU's kick broadcasts halt_cond, which is where we learn of it, and only then sets exit_request. A kicker preempted
 * between the two lets the vCPU return, run on with nothing to exit for, and park again; exit_request then goes up with nobody
 * left to wake it. So the parks after one that ended by KICK are short at first: should that race be lost, it costs
 * the length of one such park, and not the time to the next deadline. Where the VMM marks its kicks in a word of its own
 * there is no such race, and no settling.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/prctl.h>

#include "shim.h"

static const int64_t settle_ns[SETTLE_STEPS] = {200000, 2000000, 20000000};

#define LOAD(p) __atomic_load_n(p, __ATOMIC_RELAXED)
#define STORE(p, v) __atomic_store_n(p, v, __ATOMIC_RELAXED)

/* Per thread, not per slot: a vCPU that is plugged in again has a new thread, with the old one's pthread_t. */
static void prepare_thread(void)
{
    static __thread int prepared __attribute__((tls_model("initial-exec")));
    if (prepared)
        return;
    /* SCHED_OTHER threads get 50 us of timer slack by default; real-time ones have none. */
    prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    prepared = 1;
}

static void shorten(struct vmrpc_park *park, int64_t until_ns, enum vmrpc_wake_reason reason)
{
    if (until_ns < park->until_ns) {
        park->until_ns = until_ns;
        park->reason_at_until = reason;
    }
}

static int over(struct vmrpc_park *park, enum vmrpc_wake_reason reason)
{
    park->reason = reason;
    return 1;
}

/* No clock here, and no field of the region but `event`. The event goes first: it is what the guest came for, and
 * what else is pending stays so for the next park. */
int vmrpc_park_is_over(struct vmrpc_park *park)
{
    struct vmrpc_shim *shim = park->shim;
    struct parker *parker = &shim->parker[park->slot];
    if (__atomic_load_n(park->event, __ATOMIC_ACQUIRE) != park->expected)
        return over(park, VMRPC_WAKE_EVENT);
    if (LOAD(&shim->closing) || LOAD(&shim->refusal))
        return over(park, VMRPC_WAKE_REFUSED);
    uint32_t losses = LOAD(&shim->losses);
    if (losses != parker->losses_reported) {
        parker->losses_reported = losses;
        return over(park, VMRPC_WAKE_AGENT_LOST);
    }
    uint32_t kicks = LOAD(&parker->kicks);
    if (kicks != parker->kicks_reported) {
        parker->kicks_reported = kicks;
        return over(park, VMRPC_WAKE_KICK);
    }
    /* The VMM clears its mark itself, so nothing is counted. */
    if (parker->kick_word && (LOAD(parker->kick_word) & parker->kick_mask))
        return over(park, VMRPC_WAKE_KICK);
    return 0;
}

int vmrpc_park_is_due(struct vmrpc_park *park) { return vmrpc_monotonic_ns() >= park->until_ns && over(park, park->reason_at_until); }

int vmrpc_park_begin(struct vmrpc_shim *shim, unsigned slot, struct vmrpc_park *park)
{
    struct vmrpc_slot *s = &shim->slot[slot];
    struct parker *parker = &shim->parker[slot];
    /* Full fence before the look at alarm, kicks and closing: partner of the one in vmrpc_shim_alarm. */
    __atomic_store_n(&parker->inside, 1u, __ATOMIC_SEQ_CST);
    *park = (struct vmrpc_park){.shim = shim, .slot = slot, .event = &s->agent.event, .entered_ns = vmrpc_monotonic_ns()};
    STORE(&s->shim.entered_ns, park->entered_ns);

    /* The one snapshot of the guest's line. */
    if (__atomic_load_n(&s->guest.armed, __ATOMIC_ACQUIRE) == 0)
        return !over(park, VMRPC_WAKE_NOT_ARMED);
    park->expected = LOAD(&s->guest.expected);
    int64_t deadline_ns = LOAD(&s->guest.deadline_ns);
    uint32_t flags = LOAD(&s->guest.flags);

    /* Before every other return: one that swallowed the doorbell would leave a submission with a sleeping agent. */
    if (flags & VMRPC_SLOT_DOORBELL)
        vmrpc_shim_doorbell(shim);
    if (vmrpc_park_is_over(park))
        return 0;
    if ((flags & VMRPC_SLOT_DOORBELL) && LOAD(&shim->link) != VMRPC_LINK_UP)
        return !over(park, VMRPC_WAKE_AGENT_LOST);
    if (deadline_ns <= park->entered_ns) /* in particular a negative one */
        return !over(park, VMRPC_WAKE_DEADLINE);

    park->until_ns = park->entered_ns + shim->bound_ns; /* no overflow: the bound is 60 s */
    park->reason_at_until = VMRPC_WAKE_BOUND;
    if (LOAD(&shim->kick_mode) == VMRPC_KICK_SLICES)
        shorten(park, park->entered_ns + shim->slice_ns, VMRPC_WAKE_SLICE);
    if (parker->settled < SETTLE_STEPS)
        shorten(park, park->entered_ns + settle_ns[parker->settled++], VMRPC_WAKE_SLICE);
    shorten(park, deadline_ns, VMRPC_WAKE_DEADLINE);

    prepare_thread();
    park->waited = 1;
    parker->parks++;
    STORE(&s->shim.parked, 1);
    return 1;
}

void vmrpc_park_wait(struct vmrpc_park *park)
{
    struct parker *parker = &park->shim->parker[park->slot];
    for (int again = 0;; again = 1) {
        /* Acquire: who raised the alarm counted first, so after this load the counts are seen, or the wait finds the word moved. */
        uint32_t alarm = __atomic_load_n(&parker->alarm, __ATOMIC_ACQUIRE);
        const uint32_t *kick = parker->kick_word;
        struct word words[] = {{.address = park->event, .value = park->expected, .shared = 1},
                               {.address = &parker->alarm, .value = alarm},
                               {.address = kick, .value = kick ? LOAD(kick) : 0}}; /* loaded before is_over judges it */
        if (vmrpc_park_is_over(park))
            return;
        /* The kernel looks at the time only when the words stand still: a guest that moves `event` to and fro must not stay here. */
        if (again && vmrpc_park_is_due(park))
            return;
        if (vmrpc_wait(park->shim, words, kick ? 3 : 2, park->until_ns) == ETIMEDOUT) {
            if (!vmrpc_park_is_over(park))
                park->reason = park->reason_at_until;
            return;
        }
    }
}

static void publish(struct vmrpc_slot_shim_line *line, const struct parker *parker, enum vmrpc_wake_reason reason)
{
    STORE(&line->parks, parker->parks);
    STORE(&line->reason, reason);
    STORE(&line->returned_ns, vmrpc_monotonic_ns());
    __atomic_store_n(&line->acks, parker->acks, __ATOMIC_RELEASE);
}

void vmrpc_park_foretell(struct vmrpc_park *park)
{
    struct parker *parker = &park->shim->parker[park->slot];
    parker->acks++;
    park->foretold = 1;
    publish(&park->shim->slot[park->slot].shim, parker, VMRPC_WAKE_INTERRUPT);
}

void vmrpc_park_end(struct vmrpc_park *park)
{
    struct parker *parker = &park->shim->parker[park->slot];
    struct vmrpc_slot_shim_line *line = &park->shim->slot[park->slot].shim;
    if (park->reason == VMRPC_WAKE_KICK) {
        parker->settled = parker->kick_word ? SETTLE_STEPS : 0;
        STORE(&line->kicks, ++parker->kicked);
    }
    if (park->waited)
        STORE(&line->parked, 0);
    if (!park->foretold)
        parker->acks++;
    if (!park->foretold || park->reason != VMRPC_WAKE_INTERRUPT) /* else the guest has run on: what was foretold stands */
        publish(line, parker, park->reason);
    __atomic_store_n(&parker->inside, 0u, __ATOMIC_RELEASE); /* vmrpc_shim_close may unmap from here on */
}

enum vmrpc_wake_reason vmrpc_shim_park(struct vmrpc_shim *shim, unsigned slot)
{
    struct vmrpc_park park;
    if (slot >= shim->slots)
        return VMRPC_WAKE_REFUSED; /* no line to say so: the guest sees `acks` unmoved */
    if (vmrpc_park_begin(shim, slot, &park))
        vmrpc_park_wait(&park);
    vmrpc_park_end(&park);
    return park.reason;
}
