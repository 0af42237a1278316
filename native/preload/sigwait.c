/* SPDX-License-Identifier: Apache-2.0
 *
 * Signals without handlers: what is blocked, and sigwaitinfo(2) and its family.
 */
#define _GNU_SOURCE
#include <errno.h>

#include "preload.h"

/* The service's hang-up must reach the program: SIGURG cannot be blocked. */
static const sigset_t *without_urgent(const sigset_t *set, int how, sigset_t *copy)
{
    if (!set || how == SIG_UNBLOCK || session_socket() < 0)
        return set;
    *copy = *set;
    sigdelset(copy, SIGURG);
    return copy;
}

EXPORT int pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
    sigset_t copy;
    return REAL(pthread_sigmask)(how, without_urgent(set, how, &copy), old);
}

EXPORT int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
    sigset_t copy;
    return REAL(sigprocmask)(how, without_urgent(set, how, &copy), old);
}

/* Signals that are taken without a handler. A stale one is dropped, and the wait goes on with what is left of its time. */
EXPORT int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout)
{
    siginfo_t own;
    int64_t deadline_ns = timeout && is_plain(timeout) ? now_ns(CLOCK_MONOTONIC) + ns_of(timeout) : 0;
    struct timespec left;
    for (;;) {
        int signal = REAL(sigtimedwait)(set, &own, timeout);
        if (signal < 0)
            return -1;
        if (signals_take_ours(&own)) {
            if (info)
                *info = own;
            return signal;
        }
        if (deadline_ns) {
            int64_t ns = deadline_ns - now_ns(CLOCK_MONOTONIC);
            left = timespec_of(ns > 0 ? ns : 0);
            timeout = &left;
        }
    }
}

EXPORT int sigwaitinfo(const sigset_t *set, siginfo_t *info) { return sigtimedwait(set, info, NULL); }

EXPORT int sigwait(const sigset_t *set, int *signal)
{
    siginfo_t info;
    int got;
    do
        got = sigtimedwait(set, &info, NULL);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return errno;
    *signal = got;
    return 0;
}
