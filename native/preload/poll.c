/* SPDX-License-Identifier: Apache-2.0
 *
 * Timeouts of poll, ppoll, select, pselect, epoll_wait, epoll_pwait, epoll_pwait2: the thread polls one descriptor more, an eventfd to which the
 * service writes at the deadline, and has no timeout of the kernel's. A wait without descriptors, a habit of old programs, is a sleep.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <unistd.h>

#include "preload.h"

#define MOST_POLLED 1024

static int32_t count_fds[TABLE_TIMERS]; /* by number: a thread's own eventfd + 1. It stays with the number */

static int count_fd(void)
{
    int number = self.timer - 1;
    int fd = __atomic_load_n(&count_fds[number], __ATOMIC_ACQUIRE) - 1;
    if (fd >= 0)
        return fd;
    fd = fds_guard(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (fd < 0 || !session_hand_count(number, fd)) {
        if (fd >= 0) {
            fds_release(fd);
            REAL(close)(fd);
        }
        return -1;
    }
    __atomic_store_n(&count_fds[number], fd + 1, __ATOMIC_RELEASE);
    return fd;
}

/* The service is gone: whoever polls looks again. The next service gets new ones. May run in a handler. */
void poll_wake_all(void)
{
    uint64_t one = 1;
    for (unsigned i = 0; i < TABLE_TIMERS; i++) {
        int fd = __atomic_load_n(&count_fds[i], __ATOMIC_RELAXED) - 1;
        if (fd >= 0 && write(fd, &one, sizeof one) < 0)
            errno = 0;
    }
}

void poll_forget(void)
{
    for (unsigned i = 0; i < TABLE_TIMERS; i++)
        if (count_fds[i]) {
            fds_release(count_fds[i] - 1);
            REAL(close)(count_fds[i] - 1);
            count_fds[i] = 0;
        }
}

void poll_to_service(void)
{
    for (int i = 0; i < (int)TABLE_TIMERS; i++)
        if (count_fds[i])
            session_hand_count(i, count_fds[i] - 1);
}

static void drain(int fd)
{
    uint64_t count;
    if (read(fd, &count, sizeof count) < 0)
        errno = 0;
}

/* One wait: the program's own call with our eventfd in it and without a timeout; what became of it. */
struct wait {
    int (*poll)(struct wait *wait, int own_fd, int *is_due); /* as the program's call answers, ours not counted; is_due: ours is ready */
    int (*kernel)(struct wait *wait, int64_t left_ns);       /* the program's call with a timeout of the kernel's */
    const sigset_t *mask;
    union {
        struct { struct pollfd *fds; nfds_t count; };
        struct { fd_set *sets[3]; int nfds; };
        struct { int epfd, most; struct epoll_event *events; };
    };
};

static int is_served(int64_t timeout_ns)
{
    self_enter();
    return timeout_ns > 0 && session_serves() && !direct_owns() && self_has_timer();
}

static int run(struct wait *wait, int64_t timeout_ns)
{
    int64_t deadline_ns = now_ns(CLOCK_MONOTONIC) + timeout_ns;
    int fd = timeout_ns > (int64_t)self.lead_ns ? count_fd() : -1;
    if (fd < 0)
        return wait->kernel(wait, timeout_ns);
    self.polled = fd + 1; /* a handler that runs before the call makes it return */
    self_begin();
    self_arm(TIMER_COUNT, 0, deadline_ns);
    int is_due = 0, result, error, is_own;
    do {
        uint32_t before = self.own_signals;
        result = wait->poll(wait, fd, &is_due);
        error = errno;
        is_own = result < 0 && error == EINTR && !self.is_interrupted && self.own_signals != before;
    } while (is_own || (result == 0 && !is_due && !session_is_lost()));
    if (result == 0 && !session_is_lost() && !self.is_interrupted) {
        self_learn(deadline_ns, CLOCK_MONOTONIC);
        self_spin(deadline_ns, CLOCK_MONOTONIC);
    }
    int is_interrupted = self.is_interrupted;
    self_end();
    drain(fd);
    if (result == 0) {
        int64_t left_ns = is_interrupted ? 0 : deadline_ns - now_ns(CLOCK_MONOTONIC);
        result = wait->kernel(wait, left_ns > 0 ? left_ns : 0); /* what became ready at the last moment counts */
        error = errno;
        if (result == 0 && is_interrupted) {
            result = -1;
            error = EINTR;
        }
    }
    errno = error;
    return result;
}

static int ppoll_with(struct wait *wait, int own_fd, int *is_due)
{
    struct pollfd all[MOST_POLLED + 1];
    memcpy(all, wait->fds, wait->count * sizeof *all);
    all[wait->count] = (struct pollfd){.fd = own_fd, .events = POLLIN};
    int result = REAL(ppoll)(all, wait->count + 1, NULL, wait->mask);
    if (result < 0)
        return result;
    *is_due = all[wait->count].revents != 0;
    for (nfds_t i = 0; i < wait->count; i++)
        wait->fds[i].revents = all[i].revents;
    return result - *is_due;
}

static int ppoll_kernel(struct wait *wait, int64_t left_ns)
{
    struct timespec left = timespec_of(left_ns);
    return REAL(ppoll)(wait->fds, wait->count, &left, wait->mask);
}

static int poll_ns(struct pollfd *fds, nfds_t count, int64_t timeout_ns, const sigset_t *mask)
{
    struct wait wait = {.poll = ppoll_with, .kernel = ppoll_kernel, .mask = mask, .fds = fds, .count = count};
    return run(&wait, timeout_ns);
}

EXPORT int poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    if ((!fds && count) || count > MOST_POLLED || !is_served(timeout_ms * INT64_C(1000000)))
        return REAL(poll)(fds, count, timeout_ms);
    return poll_ns(fds, count, timeout_ms * INT64_C(1000000), NULL);
}

EXPORT int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask)
{
    if ((!fds && count) || count > MOST_POLLED || !timeout || !is_plain(timeout) || !is_served(ns_of(timeout)))
        return REAL(ppoll)(fds, count, timeout, mask);
    return poll_ns(fds, count, ns_of(timeout), mask);
}

/* What _FORTIFY_SOURCE makes of the two. */
__attribute__((noreturn)) void __chk_fail(void);
int __poll_chk(struct pollfd *fds, nfds_t count, int timeout_ms, size_t length);
int __ppoll_chk(struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask, size_t length);

EXPORT int __poll_chk(struct pollfd *fds, nfds_t count, int timeout_ms, size_t length)
{
    if (length / sizeof *fds < count)
        __chk_fail();
    return poll(fds, count, timeout_ms);
}

EXPORT int __ppoll_chk(struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask, size_t length)
{
    if (length / sizeof *fds < count)
        __chk_fail();
    return ppoll(fds, count, timeout, mask);
}

/* The program's sets may be shorter than FD_SETSIZE: only nfds bits are touched. */
static size_t set_bytes(int nfds) { return (size_t)((nfds + NFDBITS - 1) / NFDBITS) * sizeof(fd_mask); }

static int select_with(struct wait *wait, int own_fd, int *is_due)
{
    fd_set sets[3];
    for (int i = 0; i < 3; i++) {
        FD_ZERO(&sets[i]);
        if (wait->sets[i])
            memcpy(&sets[i], wait->sets[i], set_bytes(wait->nfds));
    }
    FD_SET(own_fd, &sets[0]);
    int highest = own_fd + 1 > wait->nfds ? own_fd + 1 : wait->nfds;
    int result = REAL(pselect)(highest, &sets[0], wait->sets[1] ? &sets[1] : NULL, wait->sets[2] ? &sets[2] : NULL, NULL, wait->mask);
    if (result < 0)
        return result;
    *is_due = FD_ISSET(own_fd, &sets[0]) != 0;
    result -= *is_due;
    FD_CLR(own_fd, &sets[0]);
    for (int i = 0; i < 3 && result > 0; i++) /* else the kernel's call that follows sees what the program asked for */
        if (wait->sets[i])
            memcpy(wait->sets[i], &sets[i], set_bytes(wait->nfds));
    return result;
}

static int select_kernel(struct wait *wait, int64_t left_ns)
{
    struct timespec left = timespec_of(left_ns);
    return REAL(pselect)(wait->nfds, wait->sets[0], wait->sets[1], wait->sets[2], &left, wait->mask);
}

static int select_ns(int nfds, fd_set *in, fd_set *out, fd_set *except, int64_t timeout_ns, const sigset_t *mask)
{
    struct wait wait = {.poll = select_with, .kernel = select_kernel, .mask = mask, .sets = {in, out, except}, .nfds = nfds};
    return run(&wait, timeout_ns);
}

static int is_selectable(int nfds, int64_t timeout_ns)
{
    return nfds >= 0 && nfds <= FD_SETSIZE && is_served(timeout_ns) && count_fd() < FD_SETSIZE;
}

EXPORT int select(int nfds, fd_set *in, fd_set *out, fd_set *except, struct timeval *timeout)
{
    struct timespec length = timeout ? (struct timespec){.tv_sec = timeout->tv_sec, .tv_nsec = timeout->tv_usec * 1000L} : (struct timespec){0};
    if (!timeout || timeout->tv_usec < 0 || timeout->tv_usec >= 1000000 || !is_plain(&length) || !is_selectable(nfds, ns_of(&length)))
        return REAL(select)(nfds, in, out, except, timeout);
    int64_t deadline_ns = now_ns(CLOCK_MONOTONIC) + ns_of(&length);
    int result = select_ns(nfds, in, out, except, ns_of(&length), NULL), error = errno;
    int64_t left_ns = deadline_ns - (result < 0 ? self_end_ns(CLOCK_MONOTONIC) : now_ns(CLOCK_MONOTONIC)); /* Linux tells what was left: select(2) */
    *timeout = left_ns > 0 ? (struct timeval){.tv_sec = left_ns / NS_PER_S, .tv_usec = left_ns % NS_PER_S / 1000} : (struct timeval){0};
    errno = error;
    return result;
}

EXPORT int pselect(int nfds, fd_set *in, fd_set *out, fd_set *except, const struct timespec *timeout, const sigset_t *mask)
{
    if (!timeout || !is_plain(timeout) || !is_selectable(nfds, ns_of(timeout)))
        return REAL(pselect)(nfds, in, out, except, timeout, mask);
    return select_ns(nfds, in, out, except, ns_of(timeout), mask);
}

/* An epoll descriptor polls as readable while it has events. Another thread may take them first: then 0, and we wait again. */
static int epoll_with(struct wait *wait, int own_fd, int *is_due)
{
    struct pollfd both[2] = {{.fd = wait->epfd, .events = POLLIN}, {.fd = own_fd, .events = POLLIN}};
    int result = REAL(ppoll)(both, 2, NULL, wait->mask);
    if (result < 0)
        return result;
    *is_due = both[1].revents != 0;
    return both[0].revents ? REAL(epoll_pwait)(wait->epfd, wait->events, wait->most, 0, wait->mask) : 0;
}

static int epoll_kernel(struct wait *wait, int64_t left_ns)
{
    int64_t ms = (left_ns + 999999) / 1000000; /* epoll_pwait2, which takes nanoseconds, is Linux 5.11 */
    return REAL(epoll_pwait)(wait->epfd, wait->events, wait->most, ms < INT_MAX ? (int)ms : INT_MAX, wait->mask);
}

static int epoll_ns(int epfd, struct epoll_event *events, int most, int64_t timeout_ns, const sigset_t *mask)
{
    struct wait wait = {.poll = epoll_with, .kernel = epoll_kernel, .mask = mask, .epfd = epfd, .most = most, .events = events};
    return run(&wait, timeout_ns);
}

EXPORT int epoll_wait(int epfd, struct epoll_event *events, int most, int timeout_ms)
{
    if (most <= 0 || !events || !is_served(timeout_ms * INT64_C(1000000)))
        return REAL(epoll_wait)(epfd, events, most, timeout_ms);
    return epoll_ns(epfd, events, most, timeout_ms * INT64_C(1000000), NULL);
}

EXPORT int epoll_pwait(int epfd, struct epoll_event *events, int most, int timeout_ms, const sigset_t *mask)
{
    if (most <= 0 || !events || !is_served(timeout_ms * INT64_C(1000000)))
        return REAL(epoll_pwait)(epfd, events, most, timeout_ms, mask);
    return epoll_ns(epfd, events, most, timeout_ms * INT64_C(1000000), mask);
}

EXPORT int epoll_pwait2(int epfd, struct epoll_event *events, int most, const struct timespec *timeout, const sigset_t *mask)
{
    if (most <= 0 || !events || !timeout || !is_plain(timeout) || !is_served(ns_of(timeout)))
        return REAL(epoll_pwait2)(epfd, events, most, timeout, mask);
    return epoll_ns(epfd, events, most, ns_of(timeout), mask);
}
