/* SPDX-License-Identifier: Apache-2.0
 *
 * What cases of POSIX timers begin with.
 */
#ifndef VMRPC_TEST_TIMERS_H
#define VMRPC_TEST_TIMERS_H

#include "cases.h"

static inline timer_t create(clockid_t clock, int notify, int signal, int value)
{
    struct sigevent event = {.sigev_notify = notify, .sigev_signo = signal, .sigev_value.sival_int = value};
    timer_t timer = NULL;
    CHECK(timer_create(clock, &event, &timer) == 0, "errno %d", errno);
    return timer;
}

static inline int set(timer_t timer, int flags, int64_t value_ns, int64_t interval_ns, struct itimerspec *old)
{
    struct itimerspec value = {timespec_of(interval_ns), timespec_of(value_ns)};
    return timer_settime(timer, flags, &value, old);
}

static inline sigset_t only(int signal)
{
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, signal);
    return one;
}

#endif
