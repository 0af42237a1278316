/* SPDX-License-Identifier: Apache-2.0
 *
 * The shim came in after the guest's clock was read before the hypercall, and went back before it was read after it: the one bounds
 * host - guest from above, the other from below. A bound loosens with time, since the clocks drift, until a new one is tighter.
 */
#include "clock.h"

#include "number.h"

#define SCALE 28
#define DRIFT_PPM 500u /* what adjtimex(2) allows the host's clock, and more than the error of the rate */

/* ticks * ns_per_tick >> 28 without losing the upper bits. */
static uint64_t scale(uint64_t ticks, uint32_t ns_per_tick)
{
    uint64_t high = (ticks >> 32) * ns_per_tick;
    uint64_t low = (ticks & UINT32_C(0xffffffff)) * ns_per_tick;
    return (high << (32 - SCALE)) + (low >> SCALE);
}

uint64_t clock_ns(const struct clock *clock, uint64_t ticks)
{
    return scale(ticks, clock->ns_per_tick);
}

uint64_t clock_ticks(const struct clock *clock, uint64_t ns)
{
    return divide64(ns << SCALE, clock->ns_per_tick);
}

static int64_t guest_ns(const struct clock *clock, uint64_t tsc)
{
    return (int64_t)clock_ns(clock, tsc - clock->tsc0);
}

static int64_t drift(const struct clock *clock, int64_t since)
{
    uint64_t passed = clock->latest > since ? (uint64_t)(clock->latest - since) : 0;
    divide(&passed, 1000000 / DRIFT_PPM);
    return (int64_t)passed + 1;
}

static int64_t loosened_lower(const struct clock *clock)
{
    return clock->lower - drift(clock, clock->lower_at);
}

static int64_t loosened_upper(const struct clock *clock)
{
    return clock->upper + drift(clock, clock->upper_at);
}

static void bound(struct clock *clock, const struct observation *one, int anew)
{
    int64_t before = guest_ns(clock, one->before);
    int64_t after = guest_ns(clock, one->after);
    clock->latest = after;
    if (anew || one->returned_ns - after >= loosened_lower(clock)) {
        clock->lower = one->returned_ns - after;
        clock->lower_at = after;
    }
    if (anew || one->entered_ns - before + drift(clock, before) <= loosened_upper(clock)) {
        clock->upper = one->entered_ns - before;
        clock->upper_at = before;
    }
}

void clock_observe(struct clock *clock, const struct observation *one)
{
    bound(clock, one, 0);
    if (loosened_lower(clock) > loosened_upper(clock)) /* the clocks jumped: the VM was stopped and continued */
        bound(clock, one, 1);
}

void clock_begin_ns(struct clock *clock)
{
    *clock = (struct clock){.ns_per_tick = CLOCK_TICK_IS_NS, .lower = INT64_MIN / 4, .upper = INT64_MAX / 4};
}

void clock_begin(struct clock *clock, const struct observation *first, const struct observation *last)
{
    uint64_t ticks = last->after / 2 + last->before / 2 - first->after / 2 - first->before / 2;
    uint64_t ns = (uint64_t)(last->returned_ns / 2 + last->entered_ns / 2 - first->returned_ns / 2 - first->entered_ns / 2);
    clock->ns_per_tick = (uint32_t)divide64(ns << SCALE, ticks);
    clock->tsc0 = first->before;
    bound(clock, last, 1);
}

int64_t clock_host_ns(const struct clock *clock, uint64_t tsc)
{
    return guest_ns(clock, tsc) + clock->lower + (clock->upper - clock->lower) / 2;
}

int64_t clock_error_ns(const struct clock *clock)
{
    int64_t offset = clock->lower + (clock->upper - clock->lower) / 2;
    int64_t above = loosened_upper(clock) - offset;
    int64_t below = offset - loosened_lower(clock);
    return above > below ? above : below;
}
