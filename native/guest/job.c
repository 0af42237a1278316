/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include "console.h"

static const struct {
    const char *name;
    job_fn *run;
} jobs[] = {
    {"hello", job_hello},       {"calls", job_calls},           {"withheld", job_withheld},     {"cancel", job_cancel},
    {"deadline", job_deadline}, {"subscribe", job_subscribe},   {"errors", job_errors},         {"timers", job_timers},
    {"guest-timer", job_guest_timer}, {"interrupts", job_interrupts}, {"exits", job_exits},     {"hostile", job_hostile},
    {"spin", job_spin},         {"idle", job_idle},             {"smp", job_smp},               {"unserved", job_unserved}, {"unplug", job_unplug},
    {"bench", job_bench},       {"cycles", job_cycles},
};

static int is_end_of_word(char c)
{
    return !c || c == ' ' || c == ';' || c == '\n';
}

/* What follows `prefix` if `text` begins with it. */
static const char *after(const char *text, const char *prefix)
{
    while (*prefix && *text == *prefix) {
        text++;
        prefix++;
    }
    return *prefix ? 0 : text;
}

static const char *find(const struct job *job, const char *name)
{
    for (const char *at = job->text; *at && *at != ';'; at++) {
        const char *value = at > job->text && at[-1] == ' ' ? after(at, name) : 0;
        if (value && *value == '=')
            return value + 1;
    }
    return 0;
}

uint64_t job_number(const struct job *job, const char *name, uint64_t otherwise)
{
    const char *digit = find(job, name);
    if (!digit)
        return otherwise;
    uint64_t number = 0;
    for (; *digit >= '0' && *digit <= '9'; digit++)
        number = number * 10 + (uint32_t)(*digit - '0');
    return number;
}

int job_says(const struct job *job, const char *name, const char *value)
{
    const char *found = find(job, name);
    const char *end = found ? after(found, value) : 0;
    return end && is_end_of_word(*end);
}

const char *guest_session(struct guest *guest)
{
    if (guest->has_session)
        return 0;
    const char *problem = session_open(&guest->session, &guest->region, &guest->vcpu);
    if (problem)
        return problem;
    channel_begin(&guest->channel, &guest->session, &guest->vcpu);
    guest->has_session = 1;
    return 0;
}

static const char *run(struct guest *guest, const char *text)
{
    for (uint32_t i = 0; i < sizeof jobs / sizeof *jobs; i++) {
        const char *rest = after(text, jobs[i].name);
        if (!rest || !is_end_of_word(*rest))
            continue;
        struct job job = {rest};
        const char *problem = jobs[i].run(guest, &job);
        if (!problem)
            print("done %s\n", jobs[i].name);
        return problem;
    }
    return "this guest knows no such job; native/guest/job.c lists them";
}

const char *jobs_run(struct guest *guest, const char *text)
{
    while (*text) {
        while (*text == ' ' || *text == ';' || *text == '\n')
            text++;
        if (!*text)
            break;
        const char *problem = run(guest, text);
        if (problem)
            return problem;
        while (*text && *text != ';')
            text++;
    }
    return 0;
}
