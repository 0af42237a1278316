/* SPDX-License-Identifier: Apache-2.0
 *
 * nanosleep(2), clock_nanosleep(2), usleep(3), sleep(3).
 */
#define _GNU_SOURCE
#include "cases.h"

#include <threads.h>

static const clockid_t clocks[] = {CLOCK_MONOTONIC, CLOCK_REALTIME};

CASE(sleep, relative)
{
    for (int i = 0; i < 20; i++) {
        int64_t length = (i % 7) * 900000 + 1, since = now(CLOCK_MONOTONIC);
        CHECK(sleep_ns(length) == 0);
        CHECK_WAITED(CLOCK_MONOTONIC, since, length);
    }
    for (int i = 0; i < 2; i++) {
        struct timespec length = {.tv_nsec = 7 * MS};
        int64_t since = now(CLOCK_MONOTONIC);
        CHECK(clock_nanosleep(clocks[i], 0, &length, NULL) == 0);
        CHECK_WAITED(CLOCK_MONOTONIC, since, 7 * MS);
    }
}

CASE(sleep, absolute)
{
    for (int i = 0; i < 20; i++) {
        clockid_t clock = clocks[i % 2];
        int64_t since = now(clock), length = (i % 5) * 2 * MS + 1000;
        struct timespec until = timespec_of(since + length), left = {7, 7};
        CHECK(clock_nanosleep(clock, TIMER_ABSTIME, &until, &left) == 0);
        CHECK_WAITED(clock, since, length);
        CHECK(left.tv_sec == 7 && left.tv_nsec == 7);
    }
}

CASE(sleep, past_deadlines_return_at_once)
{
    int64_t since = now(CLOCK_MONOTONIC);
    for (int i = 0; i < 2; i++) {
        struct timespec zero = {0}, one = {.tv_nsec = 1}, past = timespec_of(now(clocks[i]) - SECOND);
        CHECK(clock_nanosleep(clocks[i], TIMER_ABSTIME, &zero, NULL) == 0);
        CHECK(clock_nanosleep(clocks[i], TIMER_ABSTIME, &one, NULL) == 0);
        CHECK(clock_nanosleep(clocks[i], TIMER_ABSTIME, &past, NULL) == 0);
        CHECK(clock_nanosleep(clocks[i], 0, &zero, NULL) == 0);
        CHECK(nanosleep(&zero, NULL) == 0);
    }
    CHECK_AT_ONCE(CLOCK_MONOTONIC, since);
}

/* nanosleep(2): EINTR whatever SA_RESTART says; the rest is what is left at that moment. */
static void interrupted_with(int flags)
{
    for (int i = 0; i < 3; i++) {
        struct timespec length = {.tv_sec = 30}, left = {0};
        hits = 0;
        handle(SIGUSR1, flags);
        int64_t since = now(CLOCK_MONOTONIC);
        kick_after(20 * MS, SIGUSR1);
        int result = i == 0 ? nanosleep(&length, &left) : clock_nanosleep(clocks[i - 1], 0, &length, &left), error = i == 0 ? errno : result;
        int64_t after = now(CLOCK_MONOTONIC);
        CHECK(result == (i == 0 ? -1 : EINTR) && error == EINTR, "result %d error %d", result, error);
        CHECK(hits == 1);
        CHECK(ns_of(left) <= 30 * SECOND - 20 * MS, "left %lld", (long long)ns_of(left));
        CHECK(ns_of(left) >= 30 * SECOND - (after - since), "left %lld", (long long)ns_of(left));
        CHECK(hit_at[0] - since >= 20 * MS);
    }
}

CASE(sleep, a_handler_ends_it) { interrupted_with(0); }
CASE(sleep, a_handler_with_restart_ends_it) { interrupted_with(SA_RESTART); }

CASE(sleep, a_handler_ends_an_absolute_one)
{
    handle(SIGUSR1, SA_RESTART);
    for (int i = 0; i < 2; i++) {
        struct timespec until = timespec_of(now(clocks[i]) + 30 * SECOND), left = {7, 7};
        kick_after(10 * MS, SIGUSR1);
        CHECK(clock_nanosleep(clocks[i], TIMER_ABSTIME, &until, &left) == EINTR);
        CHECK(left.tv_sec == 7 && left.tv_nsec == 7, "the rest is told of relative ones only");
    }
}

CASE(sleep, what_no_handler_takes_does_not_end_it)
{
    signal(SIGUSR1, SIG_IGN);
    int64_t since = now(CLOCK_MONOTONIC);
    kick_after(10 * MS, SIGUSR1);
    kick_after(20 * MS, SIGURG);   /* ignored by default: signal(7) */
    kick_after(30 * MS, SIGWINCH);
    CHECK(sleep_ns(60 * MS) == 0, "errno %d", errno);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 60 * MS);
}

CASE(sleep, a_blocked_signal_waits_for_its_end)
{
    handle(SIGUSR1, 0);
    block(SIGUSR1);
    int64_t since = now(CLOCK_MONOTONIC);
    kick_after(10 * MS, SIGUSR1);
    CHECK(sleep_ns(40 * MS) == 0);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 40 * MS);
    CHECK(hits == 0);
    unblock(SIGUSR1);
    CHECK(hits == 1);
}

CASE(sleep, stop_and_continue_do_not_end_it)
{
    pid_t child = fork();
    if (child == 0) {
        int64_t since = now(CLOCK_MONOTONIC);
        CHECK(sleep_ns(150 * MS) == 0, "errno %d", errno);
        CHECK_WAITED(CLOCK_MONOTONIC, since, 150 * MS);
        _exit(case_failures != 0);
    }
    sleep_ns(50 * MS);
    kill(child, SIGSTOP);
    sleep_ns(20 * MS);
    kill(child, SIGCONT);
    CHECK(status_of(child) == 0);
}

static void on_signal_sleep(int signal)
{
    (void)signal;
    int64_t since = now(CLOCK_MONOTONIC);
    CHECK(sleep_ns(10 * MS) == 0);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 10 * MS);
}

CASE(sleep, a_handler_may_sleep_itself)
{
    signal(SIGUSR1, on_signal_sleep);
    for (int i = 0; i < 3; i++) {
        int64_t since = now(CLOCK_MONOTONIC);
        kick_after(5 * MS, SIGUSR1);
        CHECK(sleep_ns(30 * SECOND) == -1 && errno == EINTR);
        CHECK_WAITED(CLOCK_MONOTONIC, since, 15 * MS);
    }
}

CASE(sleep, errno_is_kept)
{
    errno = 77;
    sleep_ns(3 * MS);
    usleep(1000);
    CHECK(errno == 77, "errno %d", errno);
    CHECK(sleep(0) == 0 && errno == 77, "errno %d", errno);
}

CASE(sleep, usleep_and_sleep_return_what_the_manual_says)
{
    int64_t since = now(CLOCK_MONOTONIC);
    CHECK(usleep(4000) == 0);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 4 * MS);
    since = now(CLOCK_MONOTONIC);
    CHECK(sleep(1) == 0);
    CHECK_WAITED(CLOCK_MONOTONIC, since, SECOND);
    handle(SIGUSR1, SA_RESTART);
    kick_after(10 * MS, SIGUSR1);
    CHECK(usleep(20000000) == -1 && errno == EINTR);
    kick_after(10 * MS, SIGUSR1);
    unsigned left = sleep(20);
    CHECK(left == 19 || left == 20, "left %u", left);
    struct timespec length = {.tv_nsec = 3 * MS}, rest = {0};
    since = now(CLOCK_MONOTONIC);
    CHECK(thrd_sleep(&length, NULL) == 0);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 3 * MS);
    length.tv_sec = 20;
    kick_after(10 * MS, SIGUSR1);
    CHECK(thrd_sleep(&length, &rest) == -1);
    CHECK(ns_of(rest) > 10 * SECOND && ns_of(rest) < 20 * SECOND);
}

static void *sleep_often(void *argument)
{
    int64_t length = (int64_t)(intptr_t)argument;
    for (int i = 0; i < 10; i++) {
        int64_t since = now(CLOCK_MONOTONIC);
        CHECK(sleep_ns(length) == 0);
        CHECK_WAITED(CLOCK_MONOTONIC, since, length);
    }
    return NULL;
}

CASE(sleep, many_threads)
{
    pthread_t threads[30];
    for (int i = 0; i < 30; i++)
        threads[i] = start(sleep_often, (void *)(intptr_t)(MS + i % 6 * MS));
    for (int i = 0; i < 30; i++)
        pthread_join(threads[i], NULL);
}
