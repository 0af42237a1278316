/* SPDX-License-Identifier: Apache-2.0
 *
 * When each message is to be sent, and what became of it. The schedule is fixed before the first one: nothing that is measured moves it, and an answer's time
 * counts from when its message was to be sent, not from when it was. No DPDK in here.
 *
 * The instrument is a thread on a CPU and can be kept from looking. What it then does not know, it does not claim: a message that was sent late by more than the
 * limit, and an answer that was found by the first look after a longer pause, are told as unseen, whatever time they would show.
 */
#ifndef VMRPC_PROBE_SCHEDULE_H
#define VMRPC_PROBE_SCHEDULE_H

#include <stdint.h>
#include <stdio.h>

struct plan {
    int64_t interval_ns;
    int64_t late_ns;  /* an answer that takes longer is counted as late, and still is a sample */
    int64_t blind_ns; /* the limit above */
    uint64_t count, skip; /* the first `skip` of `count` are sent, and not told */
    uint32_t run;
};

struct fate {
    int64_t answer_ns; /* since it was to be sent; 0: none yet */
    uint8_t is_sent, is_unseen;
};

struct schedule {
    struct plan plan;
    struct fate *fates;
    int64_t start_ns, looked_ns, pause_ns, longest_pause_ns, latest_send_ns, sent_ns; /* sent_ns: the last one */
    uint64_t sent, answered, twice, damaged;
};

/* 0, or -1 if there is no memory. Nothing is due before start_ns. */
int schedule_begin(struct schedule *schedule, const struct plan *plan, int64_t start_ns);

/* When the next one is to be sent; INT64_MAX if all are. */
int64_t schedule_due(const struct schedule *schedule);

/* The instrument has just looked for answers: now. To be called at each look, before the answers that it found. */
void schedule_looked(struct schedule *schedule, int64_t now_ns);

/* The next one is about to be sent. */
void schedule_sent(struct schedule *schedule, int64_t now_ns);

/* An answer was found by the last look. One that says another time than its message had is damaged. */
void schedule_answered(struct schedule *schedule, uint32_t run, uint64_t number, int64_t time_ns);

/* Whether all are sent and answered. */
int schedule_is_over(const struct schedule *schedule);

/*
 * One line for each message that is told, "answer NUMBER NS", "unseen NUMBER NS" or "lost NUMBER", then one of "end" with NAME=VALUE pairs; all from the skipped on,
 * but pauses and damage, which are of the whole run.
 */
void schedule_tell(const struct schedule *schedule, FILE *out);

void schedule_end(struct schedule *schedule);

#endif
