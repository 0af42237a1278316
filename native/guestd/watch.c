/* SPDX-License-Identifier: Apache-2.0
 *
 * The idler runs when nothing else on its CPU can. While a real-time program computes there, no timer of another program would be served. So the
 * service's thread, on another CPU, looks every few milliseconds whether something that waited at the last look still waits, the idler having had
 * no turn since; then it raises the idler to the highest priority, which serves what is due and steps down by itself.
 */
#define _GNU_SOURCE
#include <sched.h>

#include "cpu.h"
#include "guestd.h"

#define LOOK_MS 4      /* each look is an interrupt of this CPU, and under TCG a moment of QEMU's big lock */
#define BUSY_LOOK_MS 1 /* for a second after the idler had to be raised */
#define QUIET_MS 1000

/* Did something wait at the last look, and has the idler had no turn since? */
void watch_look(struct watch *watch, struct guestd *guestd)
{
    uint32_t turns = __atomic_load_n(&guestd->turns, __ATOMIC_ACQUIRE);
    int is_waiting = now_ns(CLOCK_MONOTONIC) > __atomic_load_n(&guestd->next_ns, __ATOMIC_RELAXED) || serve_has_changes(guestd);
    if (is_waiting && watch->was_waiting && turns == watch->turns_seen && !__atomic_load_n(&guestd->is_suspended, __ATOMIC_RELAXED)) {
        struct sched_param highest = {.sched_priority = HIGHEST};
        sched_setscheduler(guestd->idler_tid, SCHED_FIFO, &highest);
        idler_nudge(guestd); /* also out of a write to an eventfd that a program has filled */
        guestd->boosts++;
        watch->raised_ns = now_ns(CLOCK_MONOTONIC);
    }
    watch->was_waiting = is_waiting;
    watch->turns_seen = turns;
}

static int has_members(const struct guestd *guestd)
{
    for (uint32_t i = 0; i < guestd->members_end; i++)
        if (__atomic_load_n(&guestd->members[i].state, __ATOMIC_RELAXED) == MEMBER_JOINED)
            return 1;
    return 0;
}

int watch_ms(const struct watch *watch, const struct guestd *guestd)
{
    if (!has_members(guestd) || __atomic_load_n(&guestd->is_lent, __ATOMIC_RELAXED))
        return QUIET_MS;
    return watch->raised_ns + QUIET_MS * INT64_C(1000000) > now_ns(CLOCK_MONOTONIC) ? BUSY_LOOK_MS : LOOK_MS;
}
