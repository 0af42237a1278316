/* SPDX-License-Identifier: Apache-2.0
 *
 * nanosleep(2), clock_nanosleep(2), usleep(3), sleep(3), thrd_sleep(3).
 *
 * Semantics are those of nanosleep(2): a handler ends the sleep with EINTR, whatever SA_RESTART says, and a relative sleep then tells what
 * was left. What the service does not take, and every argument that is not plainly good, goes to the kernel.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <threads.h>
#include <unistd.h>

#include "preload.h"

/* The kernel's sleep until the same time. */
static int sleep_in_kernel(clockid_t clock, int64_t deadline_ns)
{
    struct timespec until = timespec_of(deadline_ns);
    uint64_t before;
    int error;
    do {
        before = self_signals();
        error = REAL(clock_nanosleep)(clock, TIMER_ABSTIME, &until, NULL);
    } while (self_was_disturbed(before, error));
    return error;
}

static int is_served(void) { return session_serves() && (direct_owns() || self_has_timer()); }

/* Where there is no session, signals of ours cannot disturb the kernel's sleep either. */
static int is_known(void) { return session_table() || session_serves(); }

/* 0 or EINTR. A cancellation point. */
static int sleep_until(clockid_t clock, int64_t deadline_ns)
{
    if (!is_served())
        return sleep_in_kernel(clock, deadline_ns);
    enum outcome outcome = direct_owns() ? direct_sleep(clock, deadline_ns) : self_sleep(clock, deadline_ns);
    switch (outcome) {
    case WAIT_EXPIRED:
        return 0;
    case WAIT_LOST:
        return sleep_in_kernel(clock, deadline_ns);
    default:
        return self_end_ns(clock) >= deadline_ns ? 0 : EINTR;
    }
}

/* As clock_nanosleep answers: an error number. The sleep began at `entered_ns`, before we looked whether the service is there. */
static int sleep_for(int64_t entered_ns, const struct timespec *request, struct timespec *left)
{
    int64_t deadline_ns = entered_ns + ns_of(request);
    int error = sleep_until(CLOCK_MONOTONIC, deadline_ns);
    if (error == EINTR && left) {
        int64_t ns = deadline_ns - self_end_ns(CLOCK_MONOTONIC);
        *left = timespec_of(ns > 0 ? ns : 0);
    }
    return error;
}

EXPORT int clock_nanosleep(clockid_t clock, int flags, const struct timespec *request, struct timespec *left)
{
    int is_absolute = flags == TIMER_ABSTIME;
    int64_t entered_ns = now_ns(CLOCK_MONOTONIC);
    self_enter();
    pthread_testcancel();
    if ((clock != CLOCK_MONOTONIC && clock != CLOCK_REALTIME) || (flags && !is_absolute) || !request || !is_plain(request) || !is_known())
        return REAL(clock_nanosleep)(clock, flags, request, left);
    if (is_absolute)
        return sleep_until(clock, ns_of(request));
    return sleep_for(entered_ns, request, left); /* clock_settime does not move the end of a relative sleep, of either clock */
}

EXPORT int nanosleep(const struct timespec *request, struct timespec *left)
{
    int64_t entered_ns = now_ns(CLOCK_MONOTONIC);
    self_enter();
    pthread_testcancel();
    if (!request || !is_plain(request) || !is_known())
        return REAL(nanosleep)(request, left);
    int error = sleep_for(entered_ns, request, left);
    if (error)
        errno = error;
    return error ? -1 : 0;
}

EXPORT int usleep(useconds_t us)
{
    struct timespec request = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000L};
    return nanosleep(&request, NULL);
}

EXPORT unsigned sleep(unsigned seconds)
{
    struct timespec request = {.tv_sec = seconds};
    int error = errno;
    if (nanosleep(&request, &request) < 0)
        return (unsigned)request.tv_sec;
    errno = error;
    return 0;
}

EXPORT int thrd_sleep(const struct timespec *request, struct timespec *left)
{
    int error = clock_nanosleep(CLOCK_REALTIME, 0, request, left);
    return error == 0 ? 0 : error == EINTR ? -1 : -2;
}
