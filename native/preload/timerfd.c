/* SPDX-License-Identifier: Apache-2.0
 *
 * timerfd_create(2) and its family for CLOCK_MONOTONIC. The program gets an eventfd, which reads, blocks and polls as a timerfd does: eight
 * bytes that count the expirations since the last read. The service writes them. Differences: an eventfd can be written to, and
 * /proc calls it by its own name. A child of fork gets timerfds of the kernel's in place of ours. CLOCK_REALTIME, which can be cancelled by whoever sets the clock, and the other clocks stay the kernel's.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "preload.h"

#define DESCRIPTORS 8192

static uint16_t numbers[DESCRIPTORS]; /* by descriptor: number in the table + 1; 0: not ours */
static struct {
    int fd;
    int is_ours;     /* the service has it now */
    int stand_in;    /* the kernel's timer that writes when there is no service: its id + 1 */
    int64_t first_ns, interval_ns; /* as it was set last; 0: disarmed */
} states[TABLE_TIMERS]; /* by number */

static int number_of(int fd) { return fd >= 0 && fd < DESCRIPTORS ? __atomic_load_n(&numbers[fd], __ATOMIC_ACQUIRE) - 1 : -1; }

int timerfds_next(int fd)
{
    for (fd = fd < 0 ? 0 : fd; fd < DESCRIPTORS; fd++)
        if (number_of(fd) >= 0)
            return fd;
    return -1;
}

static void stop_stand_in(int number)
{
    if (states[number].stand_in)
        syscall(SYS_timer_delete, states[number].stand_in - 1);
    states[number].stand_in = 0;
}

void timerfds_forget(int fd)
{
    int number = number_of(fd);
    if (number < 0 || getpid() != session_pid()) /* a child of vfork closes its own descriptor, and shares this memory */
        return;
    __atomic_store_n(&numbers[fd], 0, __ATOMIC_RELEASE);
    stop_stand_in(number);
    states[number].fd = -1;
    if (!session_table())
        return;
    timers_disarm(number);
    if (session_hand_count(number, -1) || session_is_lost()) /* else the service still has it, and the number is not used again */
        timers_give_back(number);
}

EXPORT int timerfd_create(int clock, int flags)
{
    int number;
    if (clock != CLOCK_MONOTONIC || (flags & ~(TFD_NONBLOCK | TFD_CLOEXEC)) || !session_serves() || (number = timers_take()) < 0)
        return REAL(timerfd_create)(clock, flags);
    int fd = eventfd(0, (flags & TFD_NONBLOCK ? EFD_NONBLOCK : 0) | (flags & TFD_CLOEXEC ? EFD_CLOEXEC : 0));
    if (fd >= 0 && fd < DESCRIPTORS && session_hand_count(number, fd)) {
        states[number].fd = fd;
        states[number].is_ours = 0;
        states[number].first_ns = states[number].interval_ns = 0;
        poll_drop(number);
        __atomic_store_n(&numbers[fd], (uint16_t)(number + 1), __ATOMIC_RELEASE);
        return fd;
    }
    if (fd >= 0)
        REAL(close)(fd);
    timers_give_back(number);
    return REAL(timerfd_create)(clock, flags);
}

/* What has expired and was not read is void when the timer is set: timerfd_create(2). */
static int has_count(int fd)
{
    struct pollfd one = {.fd = fd, .events = POLLIN};
    struct timespec now = {0};
    return REAL(ppoll)(&one, 1, &now, NULL) == 1;
}

static void drain(int fd)
{
    uint64_t count;
    if (has_count(fd) && read(fd, &count, sizeof count) < 0)
        errno = 0;
}

/* The kernel's timer, whose signal's handler writes to the eventfd. May run in a handler. */
static void arm_stand_in(int number, const struct itimerspec *value)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGURG, .sigev_value.sival_int = SIGNAL_TIMER_ID | number};
    int id;
    if (!states[number].stand_in && syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &id) == 0)
        states[number].stand_in = id + 1;
    if (states[number].stand_in)
        syscall(SYS_timer_settime, states[number].stand_in - 1, TIMER_ABSTIME, value, NULL);
}

void timerfds_expired(int number, int overruns)
{
    uint64_t count = 1 + (uint64_t)(overruns > 0 ? overruns : 0);
    if (states[number].stand_in && write(states[number].fd, &count, sizeof count) < 0)
        errno = 0;
}

/* A time that the kernel takes; it cuts what is very long, and so do we. */
static int is_time(const struct timespec *ts) { return ts->tv_sec >= 0 && ts->tv_nsec >= 0 && ts->tv_nsec < NS_PER_S; }
static int64_t clamped_ns(const struct timespec *ts) { return is_plain(ts) ? ns_of(ts) : LONGEST_NS; }

static struct itimerspec left_of(int number)
{
    struct itimerspec left = {.it_interval = timespec_of(states[number].interval_ns)};
    if (states[number].is_ours) {
        int64_t now = now_ns(CLOCK_MONOTONIC), next = timers_next(number, now);
        left.it_value = timespec_of(next ? next - now : 0);
    } else if (states[number].stand_in) {
        syscall(SYS_timer_gettime, states[number].stand_in - 1, &left);
    }
    return left;
}

EXPORT int timerfd_settime(int fd, int flags, const struct itimerspec *new, struct itimerspec *old)
{
    int number = number_of(fd);
    if (number < 0 || !new)
        return REAL(timerfd_settime)(fd, flags, new, old);
    if ((flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)) || !is_time(&new->it_value) || !is_time(&new->it_interval)) {
        errno = EINVAL;
        return -1;
    }
    int64_t value_ns = clamped_ns(&new->it_value), interval_ns = clamped_ns(&new->it_interval);
    sigset_t all, mask;
    int64_t entered_ns = now_ns(CLOCK_MONOTONIC);
    sigfillset(&all);
    REAL(pthread_sigmask)(SIG_SETMASK, &all, &mask);
    struct itimerspec before = left_of(number);
    if (session_table())
        timers_disarm(number);
    stop_stand_in(number);
    drain(fd);
    int64_t deadline_ns = value_ns + (flags & TFD_TIMER_ABSTIME ? 0 : entered_ns); /* CANCEL_ON_SET concerns CLOCK_REALTIME only */
    states[number].is_ours = 0;
    states[number].first_ns = value_ns > 0 ? deadline_ns : 0;
    states[number].interval_ns = interval_ns;
    if (value_ns > 0) {
        struct itimerspec absolute = {.it_value = timespec_of(deadline_ns), .it_interval = timespec_of(interval_ns)};
        if (session_serves()) {
            states[number].is_ours = 1;
            timers_arm(number, &(struct arming){.kind = TIMER_COUNT, .deadline_ns = deadline_ns, .interval_ns = interval_ns});
        } else {
            arm_stand_in(number, &absolute);
        }
    }
    if (old)
        *old = before;
    REAL(pthread_sigmask)(SIG_SETMASK, &mask, NULL);
    return 0;
}

EXPORT int timerfd_gettime(int fd, struct itimerspec *value)
{
    int number = number_of(fd);
    if (number < 0 || !value)
        return REAL(timerfd_gettime)(fd, value);
    *value = left_of(number);
    return 0;
}

static struct itimerspec absolute_of(int number)
{
    return (struct itimerspec){.it_value = timespec_of(timers_undelivered(number)), .it_interval = timespec_of(timers_line(number)->interval_ns)};
}

void timerfds_to_kernel(void)
{
    for (int fd = 0; (fd = timerfds_next(fd)) >= 0; fd++) {
        int number = number_of(fd);
        struct itimerspec rest = absolute_of(number);
        if (states[number].is_ours && (rest.it_value.tv_sec || rest.it_value.tv_nsec))
            arm_stand_in(number, &rest);
        states[number].is_ours = 0;
        timers_line(number)->armed = 0;
    }
}

/* The stand-in stays, disarmed: what it told already may still be on its way. */
void timerfds_to_service(void)
{
    static const struct itimerspec none;
    for (int fd = 0; (fd = timerfds_next(fd)) >= 0; fd++) {
        int number = number_of(fd);
        struct itimerspec left = {0};
        if (states[number].is_ours || !session_hand_count(number, fd) || !states[number].stand_in)
            continue;
        syscall(SYS_timer_settime, states[number].stand_in - 1, 0, &none, &left);
        if (!left.it_value.tv_sec && !left.it_value.tv_nsec)
            continue;
        int64_t next_ns = now_ns(CLOCK_MONOTONIC) + ns_of(&left.it_value), first_ns = states[number].first_ns, interval_ns = states[number].interval_ns;
        if (interval_ns > 0) /* of the series, the one that is nearest */
            next_ns = first_ns + (next_ns - first_ns + interval_ns / 2) / interval_ns * interval_ns;
        states[number].is_ours = 1;
        timers_arm(number, &(struct arming){.kind = TIMER_COUNT, .deadline_ns = interval_ns > 0 ? next_ns : first_ns, .interval_ns = interval_ns});
    }
}

/* Absolute. What has expired and was not read, or not yet told, expires once more at once. */
static struct itimerspec rest_of(int number, int fd)
{
    int64_t first = states[number].first_ns, interval = states[number].interval_ns, now = now_ns(CLOCK_MONOTONIC);
    int64_t last = first && first <= now ? first + (interval > 0 ? (now - first) / interval * interval : 0) : 0; /* expiration so far */
    int64_t value = !last ? first : interval > 0 ? last + interval : 0;
    if (last && (has_count(fd) || (states[number].is_ours && timers_undelivered(number) && timers_undelivered(number) <= now)))
        value = last;
    return (struct itimerspec){.it_value = timespec_of(value), .it_interval = timespec_of(interval)};
}

static void replace_by_kernels(int fd)
{
    int flags = fcntl(fd, F_GETFD), real = REAL(timerfd_create)(CLOCK_MONOTONIC, (fcntl(fd, F_GETFL) & O_NONBLOCK) | TFD_CLOEXEC);
    struct itimerspec rest = rest_of(number_of(fd), fd);
    if (real < 0)
        return;
    REAL(timerfd_settime)(real, TFD_TIMER_ABSTIME, &rest, NULL);
    REAL(dup3)(real, fd, flags & FD_CLOEXEC ? O_CLOEXEC : 0);
    REAL(close)(real);
}

/* The new program has no library that knows of ours, or another one. Threads that wait on the old descriptor end with exec anyway. */
void timerfds_to_exec(void)
{
    for (int fd = 0; (fd = timerfds_next(fd)) >= 0; fd++) {
        int flags = fcntl(fd, F_GETFD);
        if (flags < 0 || (flags & FD_CLOEXEC) || !session_table())
            continue;
        replace_by_kernels(fd);
        timerfds_forget(fd);
    }
}

/* The table is the parent's and its service writes as long as the parent lives: the child goes on by itself. What an epoll set watched before stays the
 * parent's. */
void timerfds_to_child(void)
{
    for (int fd = 0; (fd = timerfds_next(fd)) >= 0; fd++) {
        int number = number_of(fd);
        replace_by_kernels(fd);
        __atomic_store_n(&numbers[fd], 0, __ATOMIC_RELEASE);
        states[number].stand_in = states[number].is_ours = 0;
    }
}
