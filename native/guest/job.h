/* SPDX-License-Identifier: Apache-2.0
 *
 * Jobs: what the command line asks this guest to do, as "NAME key=value ...; NAME ...". Each prints lines of key=value words
 * and then "done NAME"; the first that fails ends the guest with "end failed REASON".
 */
#ifndef GUEST_JOB_H
#define GUEST_JOB_H

#include "channel.h"

struct guest {
    struct region region;
    struct vcpu vcpu;
    struct session session;
    struct channel channel; /* channel 0 */
    int has_session;
};

struct job {
    const char *text; /* after the name, up to the end or ';' */
};

/* 0, or why it failed. */
typedef const char *job_fn(struct guest *guest, const struct job *job);

job_fn job_hello, job_calls, job_withheld, job_cancel, job_deadline, job_subscribe, job_errors;
job_fn job_timers, job_guest_timer, job_interrupts, job_exits, job_hostile, job_spin, job_idle, job_smp, job_unserved, job_unplug, job_bench;
job_fn job_cycles;

/* Runs the jobs of a text; null, or why one failed. */
const char *jobs_run(struct guest *guest, const char *text);

/* The number after "name=" in the job's text, or `otherwise`. */
uint64_t job_number(const struct job *job, const char *name, uint64_t otherwise);

/* Whether the job's text holds the word "name=value". */
int job_says(const struct job *job, const char *name, const char *value);

/* Says hello if that has not been done. */
const char *guest_session(struct guest *guest);

#endif
