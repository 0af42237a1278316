/* SPDX-License-Identifier: Apache-2.0
 *
 * Programs that are killed or busy, and one beside hostile ones (hostile_cases.c). These need vmrpc-guestd and run under vmrpc run.
 */
#define _GNU_SOURCE
#include "cases.h"

#include <poll.h>
#include <sched.h>
#include <sys/timerfd.h>

#include "service.h"

/* Holds one of each kind of timer, and sleeps. */
static void hold_timers(void)
{
    struct itimerspec every = {timespec_of(3 * MS), timespec_of(3 * MS)};
    struct itimerval every_us = {timeval_of(3 * MS), timeval_of(3 * MS)};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
    timer_t timer;
    signal(SIGALRM, SIG_IGN);
    signal(SIGRTMIN, SIG_IGN);
    setitimer(ITIMER_REAL, &every_us, NULL);
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    timer_settime(timer, 0, &every, NULL);
    timerfd_settime(timerfd_create(CLOCK_MONOTONIC, 0), 0, &every, NULL);
    for (;;)
        poll(NULL, 0, 2);
}

static void check_served(void)
{
    pid_t child = fork(); /* a place of its own */
    if (child == 0) {
        for (int i = 0; i < 10; i++) {
            int64_t since = now(CLOCK_MONOTONIC);
            CHECK(sleep_ns(2 * MS) == 0 && poll(NULL, 0, 2) == 0);
            CHECK_WAITED(CLOCK_MONOTONIC, since, 4 * MS);
        }
        CHECK(service_has_me(), "not served");
        fflush(stdout);
        _exit(case_failures != 0);
    }
    CHECK(status_of(child) == 0);
}

LONG_CASE(abuse, two_hundred_killed_while_they_hold_timers, 100)
{
    pid_t service = service_pid();
    check_served();
    int descriptors = 0;
    long kilobytes = 0;
    for (int round = 0; round < 20; round++) {
        pid_t children[10];
        for (int i = 0; i < 10; i++)
            if ((children[i] = fork()) == 0)
                hold_timers();
        sleep_ns(60 * MS + round * MS);
        for (int i = 0; i < 10; i++)
            kill(children[i], SIGKILL);
        for (int i = 0; i < 10; i++)
            CHECK(status_of(children[i]) == 128 + SIGKILL);
        if (round == 3) {
            check_served();
            descriptors = service_descriptors();
            kilobytes = service_kilobytes();
        }
    }
    check_served();
    sleep_ns(1200 * MS); /* it collects when it has nothing else to do */
    CHECK(service_pid() == service, "the service did not live");
    CHECK(service_descriptors() <= descriptors + 12, "descriptors %d, and %d before", service_descriptors(), descriptors);
    CHECK(service_kilobytes() <= kilobytes + 4000, "kB %ld, and %ld before", service_kilobytes(), kilobytes);
}

static void become_fifo(int priority)
{
    struct sched_param param = {.sched_priority = priority};
    CHECK(sched_setscheduler(0, SCHED_FIFO, &param) == 0, "errno %d", errno);
}

/* The watch: a less urgent program that computes keeps a more urgent one's timer from nobody. */
CASE(abuse, a_busy_loop_below)
{
    check_served();
    pid_t busy = fork();
    if (busy == 0) {
        become_fifo(90);
        sleep_ns(50 * MS);
        for (int i = 0; i < 3; i++) {
            int64_t until = now(CLOCK_MONOTONIC) + (i ? 50 : 1000) * MS;
            while (now(CLOCK_MONOTONIC) < until)
                ;
            sleep_ns(20 * MS);
        }
        _exit(0);
    }
    pid_t urgent = fork();
    if (urgent == 0) {
        int64_t slowest = 0, since = now(CLOCK_MONOTONIC);
        int count = 0;
        become_fifo(95);
        for (; now(CLOCK_MONOTONIC) - since < 1300 * MS; count++) {
            int64_t begin = now(CLOCK_MONOTONIC);
            CHECK(sleep_ns(5 * MS) == 0);
            int64_t waited = now(CLOCK_MONOTONIC) - begin;
            CHECK(waited >= 5 * MS);
            slowest = waited > slowest ? waited : slowest;
        }
        printf("seen slowest of %d sleeps of 5 ms beside a busy loop: us %lld\n", count, (long long)(slowest / 1000));
        CHECK(slowest < 800 * MS, "as long as the loop: ms %lld", (long long)(slowest / MS));
        fflush(stdout);
        _exit(case_failures != 0);
    }
    CHECK(status_of(urgent) == 0);
    CHECK(status_of(busy) == 0);
    check_served();
}

/* Under vmrpc run, beside the hostile ones, until the file /tmp/end is there. */
LONG_CASE(bystander, is_served, 150)
{
    int64_t slowest = 0;
    int count = 0, hits_before = 0, missed = 0;
    struct itimerval every = {timeval_of(20 * MS), timeval_of(20 * MS)};
    handle(SIGALRM, SA_RESTART);
    sleep_ns(MS);
    CHECK(service_has_me());
    setitimer(ITIMER_REAL, &every, NULL);
    puts("seen bystander begins");
    for (; access("/tmp/end", F_OK) < 0; count++) {
        struct timespec until = timespec_of(now(CLOCK_MONOTONIC) + 7 * MS);
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
            ;
        int64_t late = now(CLOCK_MONOTONIC) - ns_of(until);
        CHECK(late >= 0, "early by %lld", (long long)-late);
        slowest = late > slowest ? late : slowest;
        if (count % 100 == 99) {
            missed += hits == hits_before;
            hits_before = hits;
        }
    }
    printf("seen bystander slept %d times, at most us %lld late\n", count, (long long)(slowest / 1000));
    CHECK(count > 10 && missed == 0, "%d sleeps, %d times no alarm in 100", count, missed);
    CHECK(slowest < 5 * SECOND, "late by ms %lld", (long long)(slowest / MS));
    CHECK(service_has_me());
}
