/* SPDX-License-Identifier: Apache-2.0
 *
 * alarm(2), setitimer(2), getitimer(2), ualarm(3).
 */
#define _GNU_SOURCE
#include "cases.h"

#include <poll.h>

static int arm(int64_t value_ns, int64_t interval_ns, struct itimerval *old)
{
    struct itimerval value = {timeval_of(interval_ns), timeval_of(value_ns)};
    return setitimer(ITIMER_REAL, &value, old);
}

static int64_t ns_of_tv(struct timeval tv) { return tv.tv_sec * SECOND + tv.tv_usec * 1000; }

CASE(itimer, one_shot)
{
    handle(SIGALRM, 0);
    struct itimerval left;
    int64_t since = now(CLOCK_MONOTONIC);
    CHECK(arm(10 * MS, 0, NULL) == 0);
    CHECK(await_hits(1, 5 * SECOND));
    CHECK(hit_at[0] - since >= 10 * MS);
    CHECK(hit_info.si_code == SI_KERNEL, "si_code %d", hit_info.si_code);
    sleep_ns(30 * MS);
    CHECK(hits == 1);
    CHECK(getitimer(ITIMER_REAL, &left) == 0 && ns_of_tv(left.it_value) == 0 && ns_of_tv(left.it_interval) == 0);
}

CASE(itimer, series)
{
    handle(SIGALRM, SA_RESTART);
    int64_t since = now(CLOCK_MONOTONIC);
    CHECK(arm(10 * MS, 20 * MS, NULL) == 0);
    CHECK(await_hits(20, 10 * SECOND));
    CHECK(arm(0, 0, NULL) == 0);
    int count = hits;
    for (int i = 0; i < count; i++)
        CHECK(hit_at[i] - since >= 10 * MS + i * 20 * MS, "number %d early by %lld", i, (long long)(10 * MS + i * 20 * MS - (hit_at[i] - since)));
    sleep_ns(50 * MS);
    CHECK(hits == count, "disarmed, and it goes on");
}

CASE(itimer, old_values_and_what_is_left)
{
    struct itimerval old;
    CHECK(arm(10 * SECOND, 3 * SECOND, &old) == 0);
    CHECK(ns_of_tv(old.it_value) == 0 && ns_of_tv(old.it_interval) == 0);
    sleep_ns(20 * MS);
    CHECK(getitimer(ITIMER_REAL, &old) == 0);
    CHECK(ns_of_tv(old.it_value) > 5 * SECOND && ns_of_tv(old.it_value) <= 10 * SECOND - 20 * MS);
    CHECK(ns_of_tv(old.it_interval) == 3 * SECOND);
    CHECK(arm(0, 0, &old) == 0);
    CHECK(ns_of_tv(old.it_value) > 5 * SECOND && ns_of_tv(old.it_value) <= 10 * SECOND - 20 * MS);
    CHECK(ns_of_tv(old.it_interval) == 3 * SECOND);
    CHECK(getitimer(ITIMER_REAL, &old) == 0 && ns_of_tv(old.it_value) == 0);
    handle(SIGALRM, 0);
    arm(5 * MS, 50 * SECOND, NULL); /* what is left of a series is until its next expiration */
    await_hits(1, 5 * SECOND);
    getitimer(ITIMER_REAL, &old);
    CHECK(ns_of_tv(old.it_value) > 40 * SECOND && ns_of_tv(old.it_value) <= 50 * SECOND);
    CHECK(ns_of_tv(old.it_interval) == 50 * SECOND);
}

CASE(itimer, alarm_returns_what_was_left)
{
    CHECK(alarm(100) == 0);
    sleep_ns(10 * MS);
    unsigned left = alarm(50);
    CHECK(left == 100, "left %u: the kernel rounds to the nearest second", left);
    left = alarm(0);
    CHECK(left == 50, "left %u", left);
    CHECK(alarm(0) == 0);
    arm(300 * MS, 0, NULL);
    CHECK(alarm(0) == 1, "an alarm that is to come never reads as none");
    CHECK(ualarm(500000, 0) == 0);
    useconds_t us = ualarm(0, 0);
    CHECK(us > 0 && us <= 500000, "%u", us);
}

CASE(itimer, alarm_expires)
{
    handle(SIGALRM, 0);
    int64_t since = now(CLOCK_MONOTONIC);
    alarm(1);
    CHECK(pause() == -1 && errno == EINTR);
    CHECK(hits == 1 && hit_at[0] - since >= SECOND);
    CHECK(alarm(0) == 0);
}

static volatile int64_t armed_at;
static volatile int early;

static void rearm(int signal)
{
    (void)signal;
    if (now(CLOCK_MONOTONIC) - armed_at < 3 * MS)
        early++;
    if (++hits < 30) {
        armed_at = now(CLOCK_MONOTONIC);
        arm(3 * MS, 0, NULL);
    }
}

CASE(itimer, one_shot_armed_again_in_its_handler)
{
    signal(SIGALRM, rearm);
    armed_at = now(CLOCK_MONOTONIC);
    arm(3 * MS, 0, NULL);
    CHECK(await_hits(30, 10 * SECOND), "%d", hits);
    CHECK(early == 0, "%d", early);
    sleep_ns(20 * MS);
    CHECK(hits == 30);
}

CASE(itimer, sigalrm_kills_by_default)
{
    pid_t child = fork();
    if (child == 0) {
        arm(10 * MS, 0, NULL);
        sleep(10);
        _exit(3);
    }
    int status = status_of(child);
    CHECK(status == 128 + SIGALRM, "status %d", status);
}

CASE(itimer, ignored_or_blocked)
{
    signal(SIGALRM, SIG_IGN);
    arm(2 * MS, 2 * MS, NULL);
    CHECK(sleep_ns(30 * MS) == 0);
    handle(SIGALRM, 0);
    arm(2 * MS, 2 * MS, NULL); /* Linux ends a series that is ignored */
    CHECK(await_hits(2, 5 * SECOND));
    block(SIGALRM);
    sleep_ns(10 * MS);
    hits = 0;
    sleep_ns(30 * MS);
    arm(0, 0, NULL);
    CHECK(hits == 0);
    unblock(SIGALRM);
    CHECK(hits == 1, "%d: one is pending, however many came", hits);
}

CASE(itimer, taken_by_sigwait)
{
    sigset_t set;
    int signal;
    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    block(SIGALRM);
    int64_t since = now(CLOCK_MONOTONIC);
    arm(4 * MS, 6 * MS, NULL);
    for (int i = 0; i < 10; i++) {
        CHECK(sigwait(&set, &signal) == 0 && signal == SIGALRM);
        CHECK(now(CLOCK_MONOTONIC) - since >= 4 * MS + i * 6 * MS);
    }
    arm(0, 0, NULL);
}

CASE(itimer, ends_waits)
{
    handle(SIGALRM, SA_RESTART);
    int64_t since = now(CLOCK_MONOTONIC);
    arm(10 * MS, 0, NULL);
    CHECK(poll(NULL, 0, 20000) == -1 && errno == EINTR);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 10 * MS);
    since = now(CLOCK_MONOTONIC);
    arm(10 * MS, 0, NULL);
    CHECK(sleep(20) >= 18);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 10 * MS);
    CHECK(hits == 2);
}

CASE(itimer, those_of_cpu_time_are_others)
{
    struct itimerval value = {{0, 0}, {5, 0}}, left;
    handle(SIGVTALRM, 0);
    CHECK(setitimer(ITIMER_VIRTUAL, &value, NULL) == 0);
    arm(9 * SECOND, 0, NULL);
    CHECK(getitimer(ITIMER_VIRTUAL, &left) == 0 && left.it_value.tv_sec <= 5 && left.it_value.tv_sec >= 3);
    CHECK(getitimer(ITIMER_PROF, &left) == 0 && ns_of_tv(left.it_value) == 0);
    CHECK(getitimer(ITIMER_REAL, &left) == 0 && left.it_value.tv_sec >= 5);
    value.it_value = timeval_of(2 * MS);
    CHECK(setitimer(ITIMER_VIRTUAL, &value, NULL) == 0);
    for (int64_t since = now(CLOCK_MONOTONIC); hits == 0 && now(CLOCK_MONOTONIC) - since < 5 * SECOND;)
        ;
    CHECK(hits == 1);
}
