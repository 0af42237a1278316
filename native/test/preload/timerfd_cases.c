/* SPDX-License-Identifier: Apache-2.0
 *
 * timerfd_create(2), timerfd_settime(2), timerfd_gettime(2).
 */
#define _GNU_SOURCE
#include "cases.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/timerfd.h>

static int set(int fd, int flags, int64_t value_ns, int64_t interval_ns, struct itimerspec *old)
{
    struct itimerspec value = {timespec_of(interval_ns), timespec_of(value_ns)};
    return timerfd_settime(fd, flags, &value, old);
}

/* The count, or -errno. */
static int64_t count_of(int fd)
{
    uint64_t count;
    ssize_t got = read(fd, &count, sizeof count);
    return got == sizeof count ? (int64_t)count : -errno;
}

CASE(timerfd, blocking_read)
{
    int fd = timerfd_create(CLOCK_MONOTONIC, 0);
    char small[4];
    for (int i = 0; i < 5; i++) {
        int64_t since = now(CLOCK_MONOTONIC);
        CHECK(set(fd, 0, 4 * MS, 0, NULL) == 0);
        CHECK(count_of(fd) == 1);
        CHECK_WAITED(CLOCK_MONOTONIC, since, 4 * MS);
    }
    CHECK(read(fd, small, sizeof small) == -1 && errno == EINVAL);
    CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) == 0 && (fcntl(fd, F_GETFD) & FD_CLOEXEC) == 0);
}

CASE(timerfd, nonblocking_read)
{
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) && (fcntl(fd, F_GETFD) & FD_CLOEXEC));
    CHECK(count_of(fd) == -EAGAIN);
    int64_t since = now(CLOCK_MONOTONIC);
    set(fd, 0, 4 * MS, 4 * MS, NULL);
    CHECK(count_of(fd) == -EAGAIN || now(CLOCK_MONOTONIC) - since >= 4 * MS);
    sleep_ns(30 * MS);
    int64_t count = count_of(fd), passed = (now(CLOCK_MONOTONIC) - since) / (4 * MS);
    CHECK(count <= passed && count >= 5, "%lld of %lld", (long long)count, (long long)passed);
}

CASE(timerfd, a_handler_ends_the_read)
{
    int fd = timerfd_create(CLOCK_MONOTONIC, 0);
    handle(SIGUSR1, 0);
    set(fd, 0, 30 * SECOND, 0, NULL);
    kick_after(10 * MS, SIGUSR1);
    CHECK(count_of(fd) == -EINTR);
    handle(SIGUSR1, SA_RESTART);
    int64_t since = now(CLOCK_MONOTONIC);
    set(fd, 0, 40 * MS, 0, NULL);
    kick_after(10 * MS, SIGUSR1);
    CHECK(count_of(fd) == 1, "restarted");
    CHECK_WAITED(CLOCK_MONOTONIC, since, 40 * MS);
    CHECK(hits == 2);
}

CASE(timerfd, poll_select_epoll)
{
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK), epfd = epoll_create1(0);
    struct pollfd one = {.fd = fd, .events = POLLIN};
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event);
    for (int i = 0; i < 4; i++) {
        int64_t since = now(CLOCK_MONOTONIC);
        CHECK(poll(&one, 1, 0) == 0);
        set(fd, 0, 5 * MS, 0, NULL);
        if (i == 0)
            CHECK(poll(&one, 1, -1) == 1 && one.revents == POLLIN);
        if (i == 1)
            CHECK(poll(&one, 1, 10000) == 1 && one.revents == POLLIN);
        if (i == 2)
            CHECK(epoll_wait(epfd, &event, 1, 10000) == 1 && event.data.fd == fd);
        if (i == 3) {
            fd_set in;
            struct timeval limit = {.tv_sec = 10};
            FD_ZERO(&in);
            FD_SET(fd, &in);
            CHECK(select(fd + 1, &in, NULL, NULL, &limit) == 1 && FD_ISSET(fd, &in));
        }
        CHECK_WAITED(CLOCK_MONOTONIC, since, 5 * MS);
        CHECK(count_of(fd) == 1);
    }
}

CASE(timerfd, series_by_epoll)
{
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK), epfd = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event);
    int64_t since = now(CLOCK_MONOTONIC), sum = 0;
    set(fd, 0, 3 * MS, 7 * MS, NULL);
    while (sum < 30) {
        CHECK(epoll_wait(epfd, &event, 1, -1) == 1);
        int64_t count = count_of(fd);
        sum += count > 0 ? count : 0;
        CHECK(now(CLOCK_MONOTONIC) - since >= 3 * MS + (sum - 1) * 7 * MS, "%lld are too many", (long long)sum);
    }
    CHECK(sum >= (now(CLOCK_MONOTONIC) - since - 3 * MS) / (7 * MS) - 2, "none is lost");
}

CASE(timerfd, gettime_and_old_values)
{
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    struct itimerspec left;
    CHECK(timerfd_gettime(fd, &left) == 0 && ns_of(left.it_value) == 0);
    CHECK(set(fd, 0, 10 * SECOND, 3 * SECOND, &left) == 0 && ns_of(left.it_value) == 0);
    sleep_ns(10 * MS);
    CHECK(timerfd_gettime(fd, &left) == 0 && ns_of(left.it_value) <= 10 * SECOND - 10 * MS && ns_of(left.it_value) > 5 * SECOND);
    CHECK(ns_of(left.it_interval) == 3 * SECOND);
    CHECK(set(fd, 0, 2 * MS, 0, &left) == 0 && ns_of(left.it_value) > 5 * SECOND && ns_of(left.it_interval) == 3 * SECOND);
    sleep_ns(10 * MS);
    CHECK(timerfd_gettime(fd, &left) == 0 && ns_of(left.it_value) == 0 && ns_of(left.it_interval) == 0);
    CHECK(count_of(fd) == 1);
    set(fd, 0, 2 * MS, 100 * SECOND, NULL);
    sleep_ns(10 * MS);
    CHECK(timerfd_gettime(fd, &left) == 0 && ns_of(left.it_value) > 90 * SECOND && ns_of(left.it_value) < 100 * SECOND);
}

CASE(timerfd, settime_voids_what_was_not_read)
{
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    set(fd, 0, MS, MS, NULL);
    sleep_ns(10 * MS);
    set(fd, 0, 10 * SECOND, 0, NULL);
    CHECK(count_of(fd) == -EAGAIN);
    set(fd, 0, MS, MS, NULL);
    sleep_ns(10 * MS);
    set(fd, 0, 0, 0, NULL);
    CHECK(count_of(fd) == -EAGAIN);
    sleep_ns(10 * MS);
    CHECK(count_of(fd) == -EAGAIN, "disarmed, and it goes on");
}

CASE(timerfd, absolute)
{
    int fd = timerfd_create(CLOCK_MONOTONIC, 0);
    int64_t since = now(CLOCK_MONOTONIC);
    set(fd, TFD_TIMER_ABSTIME, since + 6 * MS, 0, NULL);
    CHECK(count_of(fd) == 1);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 6 * MS);
    set(fd, TFD_TIMER_ABSTIME, 1, 0, NULL);
    CHECK(count_of(fd) == 1);
    since = now(CLOCK_MONOTONIC);
    set(fd, TFD_TIMER_ABSTIME, since - 105 * MS, 10 * MS, NULL);
    int64_t count = count_of(fd);
    CHECK(count >= 11 && count <= (now(CLOCK_MONOTONIC) - since + 105 * MS) / (10 * MS) + 1, "%lld", (long long)count);
}

CASE(timerfd, realtime)
{
    int fd = timerfd_create(CLOCK_REALTIME, 0);
    int64_t since = now(CLOCK_REALTIME);
    set(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, since + 6 * MS, 0, NULL);
    CHECK(count_of(fd) == 1);
    CHECK_WAITED(CLOCK_REALTIME, since, 6 * MS);
}

static void *set_soon(void *fd)
{
    sleep_ns(10 * MS);
    set(*(int *)fd, 0, 10 * MS, 0, NULL);
    return NULL;
}

CASE(timerfd, set_by_another_thread_during_the_read)
{
    int fd = timerfd_create(CLOCK_MONOTONIC, 0);
    int64_t since = now(CLOCK_MONOTONIC);
    set(fd, 0, 30 * SECOND, 0, NULL);
    pthread_t thread = start(set_soon, &fd);
    CHECK(count_of(fd) == 1);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 20 * MS);
    pthread_join(thread, NULL);
}

CASE(timerfd, a_child_has_it_too)
{
    int fd = timerfd_create(CLOCK_MONOTONIC, 0);
    struct itimerspec left;
    int64_t since = now(CLOCK_MONOTONIC);
    set(fd, 0, 60 * MS, 0, NULL);
    pid_t child = fork();
    if (child == 0) {
        CHECK(timerfd_gettime(fd, &left) == 0 && ns_of(left.it_value) <= 60 * MS);
        CHECK(count_of(fd) == 1);
        CHECK_WAITED(CLOCK_MONOTONIC, since, 60 * MS);
        CHECK(set(fd, 0, 20 * MS, 0, NULL) == 0);
        since = now(CLOCK_MONOTONIC);
        CHECK(count_of(fd) == 1);
        CHECK_WAITED(CLOCK_MONOTONIC, since, 20 * MS);
        CHECK(close(fd) == 0);
        _exit(case_failures != 0);
    }
    CHECK(status_of(child) == 0);
    set(fd, 0, 5 * MS, 0, NULL);
    CHECK(count_of(fd) == 1, "the parent's goes on after the child closed it");
}

CASE(timerfd, a_child_keeps_it_when_the_parent_ends)
{
    int result[2];
    char byte = 0;
    CHECK(pipe(result) == 0);
    pid_t parent = fork();
    if (parent == 0) { /* as daemon(3) does it */
        int fd = timerfd_create(CLOCK_MONOTONIC, 0);
        int64_t since = now(CLOCK_MONOTONIC);
        set(fd, 0, 100 * MS, 50 * MS, NULL);
        if (fork() > 0)
            _exit(0);
        for (int i = 0, sum = 0; i < 3; i++) {
            sum += (int)count_of(fd);
            CHECK(now(CLOCK_MONOTONIC) - since >= 50 * MS + sum * 50 * MS);
        }
        if (write(result[1], case_failures ? "x" : "y", 1) < 0)
            _exit(1);
        _exit(0);
    }
    status_of(parent);
    struct pollfd one = {.fd = result[0], .events = POLLIN};
    CHECK(poll(&one, 1, 5000) == 1 && read(result[0], &byte, 1) == 1 && byte == 'y');
}

CASE(timerfd, a_child_of_vfork_closes_its_own)
{
    int fd = timerfd_create(CLOCK_MONOTONIC, 0);
    int64_t since = now(CLOCK_MONOTONIC);
    set(fd, 0, 30 * MS, 0, NULL);
    pid_t child = vfork();
    if (child == 0) { /* as programs do before exec */
        close(fd);
        execl("/bin/true", "true", NULL);
        _exit(9);
    }
    CHECK(status_of(child) == 0);
    CHECK(count_of(fd) == 1);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 30 * MS);
}

CASE(timerfd, many_come_and_go)
{
    for (int i = 0; i < 300; i++) {
        int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
        CHECK(fd >= 0);
        set(fd, 0, (i % 3) * MS, MS, NULL);
        if (i % 50 == 0)
            sleep_ns(2 * MS);
        CHECK(close(fd) == 0);
        CHECK(timerfd_gettime(fd, &(struct itimerspec){0}) == -1 && errno == EBADF);
    }
}
