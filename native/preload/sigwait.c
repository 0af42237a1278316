/* SPDX-License-Identifier: Apache-2.0
 *
 * Signals without handlers: what is blocked, and sigwaitinfo(2) and its family.
 */
#define _GNU_SOURCE
#include <errno.h>

#include "preload.h"

/* The service's hang-up must reach the program: SIGURG cannot be blocked. */
const sigset_t *signals_without_urgent(const sigset_t *set, int how, sigset_t *copy)
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
    return REAL(pthread_sigmask)(how, signals_without_urgent(set, how, &copy), old);
}

EXPORT int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
    sigset_t copy;
    return REAL(sigprocmask)(how, signals_without_urgent(set, how, &copy), old);
}

void signals_open_urgent(void)
{
    sigset_t urgent;
    sigemptyset(&urgent);
    sigaddset(&urgent, SIGURG);
    REAL(pthread_sigmask)(SIG_UNBLOCK, &urgent, NULL);
}

/* Signals that are taken without a handler. A stale one, or ours, is dropped, and the wait goes on with what is left of its time. */
EXPORT int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout)
{
    siginfo_t own;
    int64_t deadline_ns = timeout && is_plain(timeout) ? now_ns(CLOCK_MONOTONIC) + ns_of(timeout) : 0;
    struct timespec left;
    for (;;) {
        uint64_t before = self_signals();
        int signal = REAL(sigtimedwait)(set, &own, timeout);
        if (signal < 0 && !self_was_disturbed(before, errno))
            return -1;
        if (signal >= 0 && !signals_take_urgent(signal, &own) && signals_take_ours(&own)) {
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

EXPORT int sigsuspend(const sigset_t *mask)
{
    sigset_t copy;
    uint64_t before;
    int result;
    mask = signals_without_urgent(mask, SIG_SETMASK, &copy);
    do {
        before = self_signals();
        result = REAL(sigsuspend)(mask);
    } while (self_was_disturbed(before, errno));
    return result;
}

/* All signals are blocked but in sigsuspend: a handler that runs between two of those would not end the pause. */
EXPORT int pause(void)
{
    sigset_t all, mask;
    if (!session_table())
        return REAL(pause)();
    sigfillset(&all);
    REAL(pthread_sigmask)(SIG_SETMASK, &all, &mask);
    int result = sigsuspend(&mask), error = errno;
    REAL(pthread_sigmask)(SIG_SETMASK, &mask, NULL);
    errno = error;
    return result;
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
