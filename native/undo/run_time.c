/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "run_time.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

long long monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int run_time_open(struct run_time *run_time, int thread)
{
    run_time->status = openat(thread, "status", O_RDONLY | O_CLOEXEC);
    run_time->schedstat = openat(thread, "schedstat", O_RDONLY | O_CLOEXEC); /* -1: a kernel without it */
    return run_time->status < 0 ? -1 : 0;
}

static long long number_after(const char *text, const char *name)
{
    const char *found = strstr(text, name);
    return found ? atoll(found + strlen(name)) : 0;
}

static int read_text(int fd, char *text, size_t size)
{
    ssize_t length = fd < 0 ? -1 : pread(fd, text, size - 1, 0);
    text[length > 0 ? length : 0] = 0;
    return length > 0 ? 0 : -1;
}

/* The run time when it was switched in since the former look, or was off the CPU: schedstat lags by no more than that time. */
static void begin(const struct sample *former, struct sample *now)
{
    if (former && now->is_running) {
        long long passed = now->at - former->at, known = now->ran - former->ran - former->uncertain;
        now->uncertain = known < 0 ? passed : known < passed ? passed - known : 0;
    }
}

static void go_on(const struct sample *former, struct sample *now)
{
    long long least = former->ran + now->at - former->at, late = now->ran - least;
    now->uncertain = late <= 0 ? former->uncertain : late < former->uncertain ? former->uncertain - late : 0;
    if (late < 0)
        now->ran = least;
}

int sample(const struct run_time *run_time, const struct sample *former, struct sample *now)
{
    static char text[16384]; /* lists of CPUs and groups can be long */
    *now = (struct sample){0};
    if (read_text(run_time->status, text, sizeof text) != 0)
        return -1;
    const char *state = strstr(text, "\nState:\t");
    now->is_running = state && state[8] == 'R';
    now->switches = number_after(text, "\nvoluntary_ctxt_switches:") + number_after(text, "\nnonvoluntary_ctxt_switches:");
    now->at = monotonic_ns();
    read_text(run_time->schedstat, text, sizeof text);
    now->ran = atoll(text);
    if (former && former->is_running && now->is_running && former->switches == now->switches)
        go_on(former, now);
    else
        begin(former, now);
    return 0;
}
