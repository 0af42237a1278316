/* SPDX-License-Identifier: Apache-2.0
 *
 * Threads, fork(2), exec(3): what goes on, what is inherited, what is used again.
 */
#define _GNU_SOURCE
#include "cases.h"

#include <poll.h>
#include <sys/timerfd.h>

static void *poll_briefly(void *nothing)
{
    int64_t since = now(CLOCK_MONOTONIC);
    CHECK(poll(NULL, 0, 5) == 0);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 5 * MS);
    CHECK(sleep_ns(2 * MS) == 0);
    return nothing;
}

CASE(process, threads_come_and_go)
{
    for (int i = 0; i < 60; i++) {
        pthread_t pair[2] = {start(poll_briefly, NULL), start(poll_briefly, NULL)};
        pthread_join(pair[0], NULL);
        pthread_join(pair[1], NULL);
    }
}

/* A thread polls, ends, something else has its timer for a while, another thread polls. */
CASE(process, a_timer_changes_hands)
{
    for (int i = 0; i < 3; i++) {
        pthread_join(start(poll_briefly, NULL), NULL);
        int fds[8];
        for (int k = 0; k < 8; k++) {
            struct itimerspec value = {.it_value = timespec_of((k + 1) * MS)};
            fds[k] = timerfd_create(CLOCK_MONOTONIC, 0);
            timerfd_settime(fds[k], 0, &value, NULL);
        }
        sleep_ns(5 * MS);
        for (int k = 0; k < 8; k++)
            close(fds[k]);
        pthread_join(start(poll_briefly, NULL), NULL);
        timer_t timers[8];
        struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
        signal(SIGUSR1, SIG_IGN);
        for (int k = 0; k < 8; k++) {
            struct itimerspec value = {.it_value = timespec_of((k + 1) * MS), .it_interval = timespec_of(MS)};
            timer_create(CLOCK_MONOTONIC, &event, &timers[k]);
            timer_settime(timers[k], 0, &value, NULL);
        }
        pthread_join(start(poll_briefly, NULL), NULL);
        for (int k = 0; k < 8; k++)
            timer_delete(timers[k]);
        pthread_join(start(poll_briefly, NULL), NULL);
    }
}

static volatile int is_over;
static void *end_main(void *main_thread)
{
    pthread_join(*(pthread_t *)main_thread, NULL);
    int64_t since = now(CLOCK_MONOTONIC);
    CHECK(sleep_ns(5 * MS) == 0);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 5 * MS);
    fflush(stdout);
    _exit(case_failures != 0);
}

CASE(process, the_first_thread_ends_before_the_others)
{
    static pthread_t self;
    self = pthread_self();
    CHECK(sleep_ns(MS) == 0);
    start(end_main, &self);
    pthread_exit(NULL);
}

/* fork(2): timers are not inherited; setitimer(2), timer_create(2). */
CASE(process, a_child_has_no_timers_and_the_parent_keeps_its_own)
{
    struct itimerval every = {timeval_of(10 * MS), timeval_of(10 * MS)}, left;
    struct itimerspec every_spec = {timespec_of(10 * MS), timespec_of(10 * MS)};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
    timer_t timer;
    handle(SIGALRM, SA_RESTART);
    handle(SIGRTMIN, SA_RESTART);
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    timer_settime(timer, 0, &every_spec, NULL);
    setitimer(ITIMER_REAL, &every, NULL);
    await_hits(2, 5 * SECOND);
    pid_t child = fork();
    if (child == 0) {
        hits = 0;
        CHECK(getitimer(ITIMER_REAL, &left) == 0 && left.it_value.tv_sec == 0 && left.it_value.tv_usec == 0);
        CHECK(timer_settime(timer, 0, &every_spec, NULL) == -1 && errno == EINVAL);
        int64_t since = now(CLOCK_MONOTONIC);
        CHECK(sleep_ns(60 * MS) == 0);
        CHECK_WAITED(CLOCK_MONOTONIC, since, 60 * MS);
        CHECK(hits == 0, "%d signals of the parent's timers", hits);
        timer_t own;
        CHECK(timer_create(CLOCK_MONOTONIC, &event, &own) == 0 && timer_settime(own, 0, &every_spec, NULL) == 0);
        CHECK(await_hits(3, 5 * SECOND));
        _exit(case_failures != 0);
    }
    hits = 0;
    CHECK(await_hits(6, 5 * SECOND), "the parent's stopped");
    CHECK(status_of(child) == 0);
}

CASE(process, fork_while_other_threads_wait)
{
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        threads[i] = start(poll_briefly, NULL);
    for (int i = 0; i < 5; i++) {
        pid_t child = fork();
        if (child == 0) {
            poll_briefly(NULL);
            _exit(case_failures != 0);
        }
        CHECK(status_of(child) == 0);
    }
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
}

LONG_CASE(process, two_hundred_children_sleep, 60)
{
    pid_t children[200];
    for (int round = 0; round < 4; round++) {
        for (int i = 0; i < 50; i++) {
            children[i] = fork();
            if (children[i] == 0) {
                for (int k = 0; k < 3; k++) {
                    int64_t since = now(CLOCK_MONOTONIC);
                    CHECK(sleep_ns((i % 9) * MS) == 0);
                    CHECK_WAITED(CLOCK_MONOTONIC, since, (i % 9) * MS);
                }
                _exit(case_failures != 0);
            }
        }
        for (int i = 0; i < 50; i++)
            CHECK(children[i] > 0 && status_of(children[i]) == 0);
    }
}

/* setitimer(2): preserved across execve. */
CASE(process, an_alarm_survives_exec)
{
    int64_t since = now(CLOCK_MONOTONIC);
    pid_t child = fork();
    if (child == 0) {
        struct itimerval value = {.it_value = timeval_of(300 * MS)};
        setitimer(ITIMER_REAL, &value, NULL);
        execl("/bin/sleep", "sleep", "15", NULL);
        _exit(3);
    }
    int status = status_of(child);
    CHECK(status == 128 + SIGALRM, "status %d", status);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 300 * MS);
}

CASE(process, a_timerfd_survives_exec)
{
    int64_t since = now(CLOCK_MONOTONIC);
    pid_t child = fork();
    if (child == 0) {
        int fd = timerfd_create(CLOCK_MONOTONIC, 0), closed = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
        struct itimerspec value = {.it_value = timespec_of(300 * MS)};
        char command[200];
        timerfd_settime(fd, 0, &value, NULL);
        /* od reads eight bytes: one expiration */
        snprintf(command, sizeof command, "[ ! -e /proc/self/fd/%d ] && [ \"$(od -An -N8 -td8 <&%d | tr -d ' ')\" = 1 ]", closed, fd);
        execl("/bin/sh", "sh", "-c", command, NULL);
        _exit(3);
    }
    CHECK(status_of(child) == 0);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 300 * MS);
}

CASE(process, all_goes_on_after_an_exec_that_failed)
{
    handle(SIGALRM, 0);
    struct itimerval value = {.it_value = timeval_of(50 * MS)};
    int fd = timerfd_create(CLOCK_MONOTONIC, 0);
    struct itimerspec spec = {.it_value = timespec_of(20 * MS)};
    uint64_t count = 0;
    int64_t since = now(CLOCK_MONOTONIC);
    setitimer(ITIMER_REAL, &value, NULL);
    timerfd_settime(fd, 0, &spec, NULL);
    CHECK(execl("/nonexistent", "nonexistent", NULL) == -1 && errno == ENOENT);
    CHECK(read(fd, &count, sizeof count) == sizeof count && count == 1);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 20 * MS);
    CHECK(await_hits(1, 5 * SECOND) && hit_at[0] - since >= 50 * MS);
    since = now(CLOCK_MONOTONIC);
    CHECK(timerfd_settime(fd, 0, &spec, NULL) == 0 && read(fd, &count, sizeof count) == sizeof count);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 20 * MS);
}
