/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-control-loop: a periodic thread with absolute deadlines, as controls have them: how late does it wake while programs of other VMs
 * work? It knows nothing of VMRPC: clock_nanosleep(2). Samples are those due in a window that it shares with the others, ns by its own
 * clock; a period that was missed counts as well, as late as the wake that came instead.
 */
#define _GNU_SOURCE
#include "window.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { FAILED = 1, WRONG_USAGE = 2, MOST = 1000000, SECOND_NS = 1000000000, WARM_UP = 20 };

static int64_t samples[MOST];

static int become_real_time(int cpu, int priority)
{
    const struct sched_param param = {.sched_priority = priority};
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET((size_t)cpu, &cpus);
    return sched_setaffinity(0, sizeof cpus, &cpus) == 0 && sched_setscheduler(0, SCHED_FIFO, &param) == 0
        && mlockall(MCL_CURRENT | MCL_FUTURE) == 0;
}

static int64_t sleep_until(int64_t due_ns)
{
    const struct timespec ts = {.tv_sec = due_ns / SECOND_NS, .tv_nsec = due_ns % SECOND_NS};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == EINTR)
        ;
    return window_now_ns() - due_ns;
}

static void warm_up(int64_t period_ns)
{
    int64_t due_ns = window_now_ns();
    for (int i = 0; i < WARM_UP; i++)
        sleep_until(due_ns += period_ns / 10);
}

/* Returns the number of samples. */
static int loop(const struct window *window, int64_t period_ns)
{
    int count = 0;
    int64_t due_ns = window->begin_ns + period_ns;
    while (due_ns < window->end_ns && count < MOST) {
        int64_t late_ns = sleep_until(due_ns);
        do {
            samples[count++] = late_ns;
            late_ns -= period_ns;
            due_ns += period_ns;
        } while (late_ns >= 0 && due_ns < window->end_ns && count < MOST);
    }
    return count;
}

int main(int argc, char **argv)
{
    int next = window_words(argc, argv), has_all = next > 0 && argc == next + 4;
    int cpu = has_all ? atoi(argv[next]) : -1, priority = has_all ? atoi(argv[next + 1]) : 0;
    int64_t period_ns = has_all ? atoll(argv[next + 2]) * 1000 : 0;
    if (cpu < 0 || cpu >= CPU_SETSIZE || priority < 1 || priority > 99 || period_ns < 100000 || period_ns > SECOND_NS) {
        fputs("vmrpc-control-loop: use vmrpc-control-loop " WINDOW_USAGE " CPU PRIORITY PERIOD_US FILE; samples go to FILE as int64, ns\n",
            stderr);
        return WRONG_USAGE;
    }
    if (!become_real_time(cpu, priority)) {
        fprintf(stderr, "vmrpc-control-loop: no real-time thread on CPU %d: %s\n", cpu, strerror(errno));
        return FAILED;
    }
    memset(samples, 1, sizeof samples); /* touched, so that no page fault falls into a sample */
    warm_up(period_ns);
    struct window window = window_enter("vmrpc-control-loop", argv);
    int64_t began_ns = window_now_ns();
    int count = loop(&window, period_ns);
    window_print(&window, began_ns, window_now_ns());
    printf(" count=%d\n", count);
    FILE *file = fopen(argv[next + 3], "wb");
    if (file && fwrite(samples, sizeof *samples, (size_t)count, file) == (size_t)count && fclose(file) == 0)
        return 0;
    fprintf(stderr, "vmrpc-control-loop: %s: cannot write: %s\n", argv[next + 3], strerror(errno));
    return FAILED;
}
