/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-guestd dies in the middle of series of expirations, and comes back: none is lost, none counted twice.
 */
#define _GNU_SOURCE
#include "cases.h"

#include <poll.h>
#include <sys/timerfd.h>

#include "service.h"

/* All kinds of series at once, through the loss and through the service's return. */
#define SERIES_MS 100
#define SERIES_LENGTH (3 * SECOND)

static volatile int alarms, expirations;

static void on_alarm(int signal)
{
    (void)signal;
    alarms++;
}

static void on_timer(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    expirations += 1 + info->si_overrun;
}

LONG_CASE(death, series, 40)
{
    struct itimerval every_us = {timeval_of(SERIES_MS * MS), timeval_of(SERIES_MS * MS)};
    struct itimerspec every = {timespec_of(SERIES_MS * MS), timespec_of(SERIES_MS * MS)}, every_fine = {timespec_of(5 * MS), timespec_of(5 * MS)};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
    struct sigaction action = {.sa_sigaction = on_timer, .sa_flags = SA_SIGINFO | SA_RESTART};
    timer_t timer;
    uint64_t count = 0, fine = 0;
    int fd = -1, fine_fd = -1, is_killed = 0;
    service_await();
    signal(SIGALRM, on_alarm);
    sigaction(SIGRTMIN, &action, NULL);
    sleep_ns(MS);
    CHECK(service_has_me());
    fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    fine_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    int64_t since = now(CLOCK_MONOTONIC);
    setitimer(ITIMER_REAL, &every_us, NULL);
    timer_settime(timer, 0, &every, NULL);
    timerfd_settime(fd, 0, &every, NULL);
    timerfd_settime(fine_fd, 0, &every_fine, NULL);
    int64_t armed = now(CLOCK_MONOTONIC);
    struct pollfd both[2] = {{.fd = fd, .events = POLLIN}, {.fd = fine_fd, .events = POLLIN}};
    for (int64_t passed; (passed = now(CLOCK_MONOTONIC) - since) < SERIES_LENGTH + SERIES_MS * MS / 2;) {
        uint64_t one;
        poll(both, 2, 30);
        if (read(fd, &one, sizeof one) == sizeof one)
            count += one;
        if (read(fine_fd, &one, sizeof one) == sizeof one)
            fine += one;
        int most = (int)((now(CLOCK_MONOTONIC) - since) / (SERIES_MS * MS));
        CHECK(alarms <= most && expirations <= most && (int)count <= most, "early: %d %d %d of %d", alarms, expirations, (int)count, most);
        CHECK((int64_t)fine <= (now(CLOCK_MONOTONIC) - since) / (5 * MS), "early: %lld of %lld", (long long)fine, (long long)((now(CLOCK_MONOTONIC) - since) / (5 * MS)));
        if (case_failures)
            return; /* it goes on failing */
        if (!is_killed && passed > SERIES_MS * MS * 5 - 3 * MS) { /* just before an expiration */
            service_kill();
            is_killed = 1;
        }
    }
    int least = (int)((now(CLOCK_MONOTONIC) - armed - SERIES_MS * MS / 2) / (SERIES_MS * MS));
    CHECK(alarms >= least, "%d alarms of %d", alarms, least);
    CHECK(expirations >= least, "%d expirations of %d", expirations, least);
    CHECK((int)count >= least, "timerfd %d of %d", (int)count, least);
    CHECK((int64_t)fine >= (now(CLOCK_MONOTONIC) - armed) / (5 * MS) - 10, "fine timerfd %lld of %lld", (long long)fine, (long long)((now(CLOCK_MONOTONIC) - armed) / (5 * MS)));
    CHECK(service_has_me(), "not connected again");
}

static timer_t rearmed;
static volatile int rearms;
static volatile int64_t rearmed_at;

static void rearm(int signal)
{
    static const struct itimerspec soon = {.it_value = {.tv_nsec = 2 * MS}};
    (void)signal;
    CHECK(now(CLOCK_MONOTONIC) - rearmed_at >= 2 * MS);
    rearms++;
    rearmed_at = now(CLOCK_MONOTONIC);
    timer_settime(rearmed, 0, &soon, NULL);
}

/* The service dies again and again, at any moment of a timer that is set in its handler: it goes on. */
LONG_CASE(death, a_timer_set_in_its_handler_goes_on, 60)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
    service_await();
    signal(SIGRTMIN, rearm);
    sleep_ns(MS);
    timer_create(CLOCK_MONOTONIC, &event, &rearmed);
    block(SIGRTMIN);
    rearmed_at = now(CLOCK_MONOTONIC) - SECOND;
    rearm(0);
    unblock(SIGRTMIN);
    for (int i = 0; i < 4; i++) {
        int64_t until = now(CLOCK_MONOTONIC) + 1500 * MS + i * 700000;
        while (now(CLOCK_MONOTONIC) < until)
            sleep_ns(20 * MS);
        int before = rearms;
        service_kill();
        until = now(CLOCK_MONOTONIC) + 200 * MS;
        while (now(CLOCK_MONOTONIC) < until)
            sleep_ns(20 * MS);
        CHECK(rearms > before + 5, "%d", rearms - before);
        service_await();
    }
}
