/* SPDX-License-Identifier: Apache-2.0
 *
 * How long a thread of another process has run. A CPU clock would say it, but only to its own process. schedstat says it to everybody, but
 * lags behind while the thread runs on a CPU without a tick (nohz_full). So it counts as running as well between two looks that both find it running and
 * between which it never left the CPU (status: its context switches).
 */
#ifndef VMRPC_RUN_TIME_H
#define VMRPC_RUN_TIME_H

struct run_time {
    int status, schedstat; /* files of the thread's folder */
};

struct sample {
    long long at, ran;   /* ns; at: CLOCK_MONOTONIC */
    long long uncertain; /* the thread ran for at most so much more */
    long long switches;
    int is_running;
};

long long monotonic_ns(void);

/* Returns 0, or -1 with errno. */
int run_time_open(struct run_time *run_time, int thread);

/* Looks. former: the last sample, or NULL just after the thread was given other scheduling, which makes schedstat exact.
 * Returns 0, or -1 if the thread has ended. */
int sample(const struct run_time *run_time, const struct sample *former, struct sample *now);

#endif
