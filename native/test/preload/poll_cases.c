/* SPDX-License-Identifier: Apache-2.0
 *
 * poll(2), ppoll(2), select(2), pselect(2), epoll_wait(2) and its kin.
 */
#define _GNU_SOURCE
#include "cases.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>

static int ends[2]; /* of a pipe */

static void *write_soon(void *nothing)
{
    sleep_ns(15 * MS);
    if (write(ends[1], "x", 1) != 1)
        abort();
    return nothing;
}

static int epfd_of_pipe(void)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = 42};
    int epfd = epoll_create1(0);
    CHECK(epoll_ctl(epfd, EPOLL_CTL_ADD, ends[0], &event) == 0);
    return epfd;
}

enum { POLL, PPOLL, SELECT, PSELECT, EPOLL_WAIT, EPOLL_PWAIT, EPOLL_PWAIT2, KINDS };

/* The same wait for the pipe in each form; what the call answers. */
static int wait_by(int kind, int64_t ns, const sigset_t *mask)
{
    struct pollfd one = {.fd = ends[0], .events = POLLIN};
    struct epoll_event event;
    struct timespec length = timespec_of(ns);
    struct timeval length_us = timeval_of(ns);
    int ms = (int)(ns / MS), epfd = kind >= EPOLL_WAIT ? epfd_of_pipe() : -1, result = -1;
    fd_set in;
    FD_ZERO(&in);
    FD_SET(ends[0], &in);
    switch (kind) {
    case POLL: result = poll(&one, 1, ms); break;
    case PPOLL: result = ppoll(&one, 1, &length, mask); break;
    case SELECT: result = select(ends[0] + 1, &in, NULL, NULL, &length_us); break;
    case PSELECT: result = pselect(ends[0] + 1, &in, NULL, NULL, &length, mask); break;
    case EPOLL_WAIT: result = epoll_wait(epfd, &event, 1, ms); break;
    case EPOLL_PWAIT: result = epoll_pwait(epfd, &event, 1, ms, mask); break;
    case EPOLL_PWAIT2: result = epoll_pwait2(epfd, &event, 1, &length, mask); break;
    }
    int error = errno;
    if (kind <= PPOLL && result >= 0)
        CHECK(one.revents == (result ? POLLIN : 0));
    if ((kind == SELECT || kind == PSELECT) && result >= 0)
        CHECK(!FD_ISSET(ends[0], &in) == !result);
    if (kind >= EPOLL_WAIT && result == 1)
        CHECK(event.events == EPOLLIN && event.data.u32 == 42);
    if (epfd >= 0)
        close(epfd);
    errno = error;
    return result;
}

CASE(poll, timeout_in_each_form)
{
    CHECK(pipe(ends) == 0);
    for (int round = 0; round < 4; round++)
        for (int kind = 0; kind < KINDS; kind++) {
            int64_t since = now(CLOCK_MONOTONIC), length = (1 + round * 2) * MS;
            CHECK(wait_by(kind, length, NULL) == 0, "kind %d errno %d", kind, errno);
            CHECK_WAITED(CLOCK_MONOTONIC, since, length);
        }
}

CASE(poll, an_event_ends_each_form)
{
    CHECK(pipe(ends) == 0);
    for (int kind = 0; kind < KINDS; kind++) {
        char byte;
        int64_t since = now(CLOCK_MONOTONIC);
        pthread_t thread = start(write_soon, NULL);
        CHECK(wait_by(kind, 30 * SECOND, NULL) == 1, "kind %d errno %d", kind, errno);
        CHECK_WAITED(CLOCK_MONOTONIC, since, 15 * MS);
        CHECK(wait_by(kind, 30 * SECOND, NULL) == 1, "an event that is there already, kind %d errno %d", kind, errno);
        pthread_join(thread, NULL);
        CHECK(read(ends[0], &byte, 1) == 1);
    }
}

CASE(poll, a_handler_ends_each_form)
{
    CHECK(pipe(ends) == 0);
    for (int flags = 0; flags < 2; flags++)
        for (int kind = 0; kind < KINDS; kind++) {
            handle(SIGUSR1, flags ? SA_RESTART : 0);
            hits = 0;
            kick_after(10 * MS, SIGUSR1);
            CHECK(wait_by(kind, 30 * SECOND, NULL) == -1 && errno == EINTR, "kind %d", kind);
            CHECK(hits == 1);
        }
}

/* pselect(2): the mask is in force during the wait, and a signal that was pending ends it. */
CASE(poll, a_mask_lets_a_pending_signal_in)
{
    static const int kinds[] = {PPOLL, PSELECT, EPOLL_PWAIT, EPOLL_PWAIT2};
    sigset_t none;
    sigemptyset(&none);
    CHECK(pipe(ends) == 0);
    handle(SIGUSR1, SA_RESTART);
    block(SIGUSR1);
    for (int i = 0; i < 4; i++) {
        hits = 0;
        raise(SIGUSR1);
        CHECK(hits == 0);
        int64_t since = now(CLOCK_MONOTONIC);
        CHECK(wait_by(kinds[i], 30 * SECOND, &none) == -1 && errno == EINTR, "kind %d", kinds[i]);
        CHECK_AT_ONCE(CLOCK_MONOTONIC, since);
        CHECK(hits == 1);
        sigset_t is;
        sigprocmask(SIG_SETMASK, NULL, &is);
        CHECK(sigismember(&is, SIGUSR1) == 1, "the mask is back");
    }
}

CASE(poll, a_mask_keeps_a_signal_out)
{
    static const int kinds[] = {PPOLL, PSELECT, EPOLL_PWAIT, EPOLL_PWAIT2};
    sigset_t all;
    sigfillset(&all);
    CHECK(pipe(ends) == 0);
    handle(SIGUSR1, 0);
    for (int i = 0; i < 4; i++) {
        hits = 0;
        int64_t since = now(CLOCK_MONOTONIC);
        kick_after(10 * MS, SIGUSR1);
        CHECK(wait_by(kinds[i], 40 * MS, &all) == 0, "kind %d errno %d", kinds[i], errno);
        CHECK_WAITED(CLOCK_MONOTONIC, since, 40 * MS);
        CHECK(hits == 1, "it comes when the wait is over");
    }
}

CASE(poll, select_tells_what_was_left)
{
    fd_set in;
    CHECK(pipe(ends) == 0);
    FD_ZERO(&in);
    FD_SET(ends[0], &in);
    struct timeval left = {.tv_sec = 10};
    int64_t since = now(CLOCK_MONOTONIC);
    pthread_t thread = start(write_soon, NULL);
    CHECK(select(ends[0] + 1, &in, NULL, NULL, &left) == 1);
    int64_t after = now(CLOCK_MONOTONIC), left_ns = left.tv_sec * SECOND + left.tv_usec * 1000;
    CHECK(left_ns <= 10 * SECOND - 15 * MS && left_ns >= 10 * SECOND - (after - since) - MS, "left %lld", (long long)left_ns);
    pthread_join(thread, NULL);
    left = (struct timeval){.tv_usec = 5000};
    CHECK(select(0, NULL, NULL, NULL, &left) == 0);
    CHECK(left.tv_sec == 0 && left.tv_usec == 0);
    handle(SIGUSR1, 0);
    left = (struct timeval){.tv_sec = 10};
    kick_after(10 * MS, SIGUSR1);
    CHECK(select(0, NULL, NULL, NULL, &left) == -1 && errno == EINTR);
    CHECK(left.tv_sec == 9);
}

CASE(poll, other_conditions)
{
    CHECK(pipe(ends) == 0);
    struct pollfd three[3] = {{.fd = ends[0], .events = POLLIN}, {.fd = -1, .events = POLLIN}, {.fd = ends[1], .events = POLLOUT}};
    CHECK(poll(three, 3, 10000) == 1 && three[2].revents == POLLOUT && three[0].revents == 0 && three[1].revents == 0);
    close(ends[1]);
    CHECK(poll(three, 1, 10000) == 1 && three[0].revents == POLLHUP);
    three[0].fd = ends[1];
    CHECK(poll(three, 1, 10000) == 1 && three[0].revents == POLLNVAL);
    struct epoll_event event;
    int64_t since = now(CLOCK_MONOTONIC);
    CHECK(epoll_wait(ends[1], &event, 1, 10000) == -1 && errno == EBADF);
    CHECK(pipe(ends) == 0);
    CHECK(epoll_wait(ends[0], &event, 1, 10000) == -1 && errno == EINVAL, "no epoll descriptor");
    fd_set in;
    struct timeval limit = {.tv_sec = 10};
    FD_ZERO(&in);
    FD_SET(40, &in);
    CHECK(select(41, &in, NULL, NULL, &limit) == -1 && errno == EBADF);
    CHECK(select(-1, NULL, NULL, NULL, &limit) == -1 && errno == EINVAL);
    CHECK_AT_ONCE(CLOCK_MONOTONIC, since);
}

static int shared_epfd;
static volatile int taken, timed_out;

static void *take_one(void *limit_ms)
{
    struct epoll_event event;
    char byte;
    int64_t since = now(CLOCK_MONOTONIC), ms = (int64_t)(intptr_t)limit_ms;
    int result = epoll_wait(shared_epfd, &event, 1, (int)ms);
    if (result == 1 && read(ends[0], &byte, 1) == 1)
        __atomic_add_fetch(&taken, 1, __ATOMIC_SEQ_CST);
    if (result == 0) {
        CHECK_WAITED(CLOCK_MONOTONIC, since, ms * MS);
        __atomic_add_fetch(&timed_out, 1, __ATOMIC_SEQ_CST);
    }
    return NULL;
}

CASE(poll, several_threads_on_one_epoll_descriptor)
{
    pthread_t threads[8];
    struct epoll_event event = {.events = EPOLLIN | EPOLLET};
    CHECK(pipe(ends) == 0);
    shared_epfd = epoll_create1(0);
    epoll_ctl(shared_epfd, EPOLL_CTL_ADD, ends[0], &event);
    for (int i = 0; i < 8; i++)
        threads[i] = start(take_one, (void *)(intptr_t)200);
    for (int i = 0; i < 3; i++) {
        sleep_ns(20 * MS);
        CHECK(write(ends[1], "x", 1) == 1);
    }
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    CHECK(taken == 3 && timed_out == 5, "taken %d, timed out %d: each event is one thread's", taken, timed_out);
}

CASE(poll, a_thousand_descriptors)
{
    struct pollfd many[1000];
    CHECK(pipe(ends) == 0);
    for (int i = 0; i < 1000; i++)
        many[i] = (struct pollfd){.fd = i == 999 ? ends[0] : -1, .events = POLLIN};
    int64_t since = now(CLOCK_MONOTONIC);
    CHECK(poll(many, 1000, 5) == 0);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 5 * MS);
    CHECK(write(ends[1], "x", 1) == 1);
    CHECK(poll(many, 1000, 5000) == 1 && many[999].revents == POLLIN);
}
