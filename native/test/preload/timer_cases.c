/* SPDX-License-Identifier: Apache-2.0
 *
 * timer_create(2), timer_settime(2), timer_gettime(2), timer_getoverrun(2), timer_delete(2).
 */
#define _GNU_SOURCE
#include "timers.h"

CASE(timer, signal_and_value)
{
    handle(SIGRTMIN + 1, 0);
    timer_t timer = create(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGRTMIN + 1, 4711);
    int64_t since = now(CLOCK_MONOTONIC);
    CHECK(set(timer, 0, 7 * MS, 0, NULL) == 0);
    CHECK(await_hits(1, 5 * SECOND));
    CHECK(hit_at[0] - since >= 7 * MS);
    CHECK(hit_info.si_code == SI_TIMER && hit_info.si_value.sival_int == 4711 && hit_info.si_overrun == 0);
    CHECK(hit_info.si_timerid == (int)(intptr_t)timer, "id %d", hit_info.si_timerid);
    CHECK(timer_getoverrun(timer) == 0);
    sleep_ns(20 * MS);
    CHECK(hits == 1);
    CHECK(timer_delete(timer) == 0);
    CHECK(timer_delete(timer) == -1 && errno == EINVAL);
}

CASE(timer, default_event)
{
    timer_t timer;
    handle(SIGALRM, 0);
    CHECK(timer_create(CLOCK_MONOTONIC, NULL, &timer) == 0);
    set(timer, 0, 3 * MS, 0, NULL);
    CHECK(await_hits(1, 5 * SECOND));
    CHECK(hit_info.si_value.sival_int == (int)(intptr_t)timer, "the value is the timer's id");
}

static void series_on(clockid_t clock, int flags)
{
    hits = 0;
    handle(SIGRTMIN, SA_RESTART);
    timer_t timer = create(clock, SIGEV_SIGNAL, SIGRTMIN, 0);
    int64_t since = now(CLOCK_MONOTONIC), begin = flags ? now(clock) : 0;
    CHECK(set(timer, flags, begin + 5 * MS, 10 * MS, NULL) == 0);
    CHECK(await_hits(30, 10 * SECOND));
    set(timer, 0, 0, 0, NULL);
    for (int i = 0; i < hits; i++)
        CHECK(hit_at[i] - since >= 5 * MS + i * 10 * MS, "number %d early by %lld", i, (long long)(5 * MS + i * 10 * MS - (hit_at[i] - since)));
    timer_delete(timer);
}

CASE(timer, series_relative)
{
    series_on(CLOCK_MONOTONIC, 0);
    series_on(CLOCK_REALTIME, 0);
}

CASE(timer, series_absolute)
{
    series_on(CLOCK_MONOTONIC, TIMER_ABSTIME);
    series_on(CLOCK_REALTIME, TIMER_ABSTIME);
}

CASE(timer, absolute_in_the_past_expires_at_once)
{
    handle(SIGRTMIN, 0);
    timer_t timer = create(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGRTMIN, 0);
    CHECK(set(timer, TIMER_ABSTIME, 1, 0, NULL) == 0);
    CHECK(await_hits(1, 5 * SECOND));
    block(SIGRTMIN);
    int64_t begin = now(CLOCK_MONOTONIC) - 95 * MS; /* 10 of a series have passed: one signal, 9 overruns, or more by now */
    CHECK(set(timer, TIMER_ABSTIME, begin, 10 * MS, NULL) == 0);
    sleep_ns(5 * MS);
    unblock(SIGRTMIN);
    CHECK(await_hits(2, 5 * SECOND));
    CHECK(hit_info.si_overrun >= 8 || hits > 2, "overruns %d", hit_info.si_overrun);
}

CASE(timer, expirations_of_a_blocked_signal_are_overruns)
{
    handle(SIGRTMIN, 0);
    block(SIGRTMIN);
    timer_t timer = create(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGRTMIN, 0);
    int64_t since = now(CLOCK_MONOTONIC);
    set(timer, 0, 10 * MS, 10 * MS, NULL);
    sleep_ns(105 * MS);
    unblock(SIGRTMIN);
    int64_t after = now(CLOCK_MONOTONIC);
    CHECK(hits >= 1);
    int first = hits == 1 ? hit_info.si_overrun : 9;
    CHECK(first >= 8 && first < (after - since) / (10 * MS), "overruns %d of %lld", first, (long long)((after - since) / (10 * MS)));
    CHECK(hits > 1 || timer_getoverrun(timer) == first);
    set(timer, 0, 0, 0, NULL);
}

/* One signal and its overruns for each expiration: nothing is lost, nothing comes twice. */
CASE(timer, counts_are_right)
{
    sigset_t one = only(SIGRTMIN);
    siginfo_t info;
    struct timespec limit = {.tv_sec = 5};
    int64_t count = 0;
    block(SIGRTMIN);
    timer_t timer = create(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGRTMIN, 5);
    int64_t since = now(CLOCK_MONOTONIC);
    set(timer, 0, 2 * MS, 2 * MS, NULL);
    for (int i = 0; i < 60; i++) {
        if (i % 10 == 9)
            sleep_ns(9 * MS);
        CHECK(sigtimedwait(&one, &info, &limit) == SIGRTMIN);
        count += 1 + info.si_overrun;
        CHECK(info.si_value.sival_int == 5 && info.si_code == SI_TIMER);
        int64_t passed = (now(CLOCK_MONOTONIC) - since) / (2 * MS);
        CHECK(count <= passed, "%lld counted, %lld have passed", (long long)count, (long long)passed);
        CHECK(count >= passed - 3 || i < 59, "%lld counted, %lld have passed", (long long)count, (long long)passed);
    }
}

CASE(timer, sigwaitinfo)
{
    sigset_t one = only(SIGRTMIN);
    siginfo_t info;
    struct timespec limit = {.tv_nsec = 20 * MS};
    block(SIGRTMIN);
    timer_t timer = create(CLOCK_REALTIME, SIGEV_SIGNAL, SIGRTMIN, 9);
    int64_t since = now(CLOCK_MONOTONIC);
    CHECK(sigtimedwait(&one, &info, &limit) == -1 && errno == EAGAIN);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 20 * MS);
    for (int i = 0; i < 5; i++) {
        since = now(CLOCK_MONOTONIC);
        set(timer, 0, 6 * MS, 0, NULL);
        CHECK(sigwaitinfo(&one, &info) == SIGRTMIN);
        CHECK_WAITED(CLOCK_MONOTONIC, since, 6 * MS);
        CHECK(info.si_value.sival_int == 9 && info.si_overrun == 0 && info.si_timerid == (int)(intptr_t)timer);
    }
    handle(SIGUSR1, SA_RESTART);
    kick_after(10 * MS, SIGUSR1);
    CHECK(sigwaitinfo(&one, &info) == -1 && errno == EINTR);
}

CASE(timer, none_counts_down_only)
{
    timer_t timer = create(CLOCK_MONOTONIC, SIGEV_NONE, 0, 0);
    struct itimerspec left;
    set(timer, 0, 20 * SECOND, 0, NULL);
    sleep_ns(10 * MS);
    CHECK(timer_gettime(timer, &left) == 0 && ns_of(left.it_value) <= 20 * SECOND - 10 * MS && ns_of(left.it_value) > 10 * SECOND);
    set(timer, 0, 3 * MS, 0, NULL);
    sleep_ns(10 * MS);
    CHECK(timer_gettime(timer, &left) == 0 && ns_of(left.it_value) == 0);
}

static volatile int notified;
static void notify(union sigval value) { notified += value.sival_int; }

CASE(timer, thread_function)
{
    struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_notify_function = notify, .sigev_value.sival_int = 3};
    timer_t timer;
    CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
    set(timer, 0, 5 * MS, 5 * MS, NULL);
    for (int64_t since = now(CLOCK_MONOTONIC); notified < 15 && now(CLOCK_MONOTONIC) - since < 5 * SECOND;)
        sleep_ns(5 * MS);
    CHECK(notified >= 15);
    CHECK(timer_delete(timer) == 0);
}

CASE(timer, old_values_and_what_is_left)
{
    timer_t timer = create(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGRTMIN, 0);
    struct itimerspec left;
    CHECK(timer_gettime(timer, &left) == 0 && ns_of(left.it_value) == 0 && ns_of(left.it_interval) == 0);
    CHECK(set(timer, 0, 10 * SECOND, 2 * SECOND, &left) == 0 && ns_of(left.it_value) == 0);
    sleep_ns(10 * MS);
    CHECK(timer_gettime(timer, &left) == 0);
    CHECK(ns_of(left.it_value) <= 10 * SECOND - 10 * MS && ns_of(left.it_value) > 5 * SECOND && ns_of(left.it_interval) == 2 * SECOND);
    CHECK(set(timer, TIMER_ABSTIME, now(CLOCK_MONOTONIC) + 100 * SECOND, 0, &left) == 0);
    CHECK(ns_of(left.it_value) <= 10 * SECOND - 10 * MS && ns_of(left.it_interval) == 2 * SECOND);
    CHECK(timer_gettime(timer, &left) == 0 && ns_of(left.it_value) > 90 * SECOND && ns_of(left.it_value) <= 100 * SECOND, "relative even then");
    CHECK(set(timer, 0, 0, 5 * SECOND, &left) == 0 && ns_of(left.it_value) > 90 * SECOND);
    CHECK(timer_gettime(timer, &left) == 0 && ns_of(left.it_value) == 0);
}
