/* SPDX-License-Identifier: Apache-2.0
 *
 * Host time in the guest (R40): the time stamp counter, scaled to nanoseconds, plus an offset that park hypercalls bound.
 */
#ifndef CLIENT_CLOCK_H
#define CLIENT_CLOCK_H

#include <stdint.h>

struct clock {
    uint32_t ns_per_tick; /* times 2^28 */
    uint64_t tsc0;        /* guest time counts from here */
    int64_t lower, lower_at, upper, upper_at, latest;
};

/* ns_per_tick of a counter that counts nanoseconds already; such a clock starts with clock_begin_ns. */
#define CLOCK_TICK_IS_NS (UINT32_C(1) << 28)
void clock_begin_ns(struct clock *clock);

/* One hypercall: time stamps before and after it, the host's clock when the shim came in and went back. */
struct observation {
    uint64_t before, after;
    int64_t entered_ns, returned_ns;
};

/* Learns the counter's rate from two hypercalls some time apart; the longer apart, the better. */
void clock_begin(struct clock *clock, const struct observation *first, const struct observation *last);

/* Bounds the offset anew. Each hypercall may be taken. */
void clock_observe(struct clock *clock, const struct observation *one);

/* Host CLOCK_MONOTONIC, ns, of a time stamp; and how wrong that can be at the latest observation. */
int64_t clock_host_ns(const struct clock *clock, uint64_t tsc);
int64_t clock_error_ns(const struct clock *clock);

/* Time stamps that pass in so many nanoseconds, and back. */
uint64_t clock_ticks(const struct clock *clock, uint64_t ns);
uint64_t clock_ns(const struct clock *clock, uint64_t ticks);

#endif
