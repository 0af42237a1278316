/* SPDX-License-Identifier: Apache-2.0
 *
 * setitimer(2) of ITIMER_REAL, getitimer(2), alarm(2), ualarm(3). The other two timers count CPU time: the kernel's.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "preload.h"

static int number = -1; /* in the table */
static int is_ours;     /* the service has it now; else the kernel */

int itimer_number(void) { return __atomic_load_n(&number, __ATOMIC_RELAXED); }
void itimer_forget(void) { number = -1, is_ours = 0; }

static int64_t us_to_ns(const struct timeval *tv) { return (int64_t)tv->tv_sec * NS_PER_S + tv->tv_usec * 1000L; }

static int is_plain_us(const struct timeval *tv)
{
    return tv->tv_sec >= 0 && tv->tv_sec < LONGEST_NS / NS_PER_S && tv->tv_usec >= 0 && tv->tv_usec < 1000000;
}

static struct timeval timeval_of(int64_t ns) { return (struct timeval){.tv_sec = ns / NS_PER_S, .tv_usec = ns % NS_PER_S / 1000}; }

static struct itimerval left_now(void)
{
    int64_t now = now_ns(CLOCK_MONOTONIC), next = timers_next(number, now), left = next ? next - now : 0;
    struct itimerval value = {.it_value = timeval_of(left), .it_interval = timeval_of(timers_line(number)->interval_ns)};
    if (left > 0 && left < 1000)
        value.it_value.tv_usec = 1; /* 0 would mean disarmed */
    return value;
}

static void arm(int64_t entered_ns, const struct itimerval *value)
{
    is_ours = 1;
    timers_arm(number, &(struct arming){.kind = TIMER_SIGNAL, .deadline_ns = entered_ns + us_to_ns(&value->it_value),
        .interval_ns = us_to_ns(&value->it_interval), .lead_ns = (uint32_t)signals_lead(SIGALRM), .signal = SIGALRM});
}

static int can_serve(void)
{
    if (!session_serves())
        return 0;
    if (number < 0)
        number = timers_take();
    return number >= 0;
}

static int set_real(__itimer_which_t which, const struct itimerval *new, struct itimerval *old) { return REAL(setitimer)(which, new, old); }

static int set(const struct itimerval *new, struct itimerval *old)
{
    static const struct itimerval none;
    sigset_t all, mask;
    int64_t entered_ns = now_ns(CLOCK_MONOTONIC);
    sigfillset(&all);
    REAL(pthread_sigmask)(SIG_SETMASK, &all, &mask); /* a handler may set it too */
    struct itimerval before = {0};
    int was_ours = is_ours, result = 0;
    if (was_ours) {
        before = left_now();
        timers_disarm(number);
        is_ours = 0;
    }
    if (us_to_ns(&new->it_value) > 0 && can_serve()) {
        if (!was_ours)
            result = set_real(ITIMER_REAL, &none, &before);
        arm(entered_ns, new);
    } else {
        result = set_real(ITIMER_REAL, new, was_ours ? NULL : &before);
    }
    if (old && result == 0)
        *old = before;
    REAL(pthread_sigmask)(SIG_SETMASK, &mask, NULL);
    return result;
}

EXPORT int setitimer(__itimer_which_t which, const struct itimerval *new, struct itimerval *old)
{
    static const struct itimerval none;
    if (which != ITIMER_REAL || (new && (!is_plain_us(&new->it_value) || !is_plain_us(&new->it_interval))))
        return set_real(which, new, old);
    return set(new ? new : &none, old); /* Linux takes NULL for a disarmed one */
}

EXPORT int getitimer(__itimer_which_t which, struct itimerval *value)
{
    if (which != ITIMER_REAL || !is_ours || !value)
        return REAL(getitimer)(which, value);
    *value = left_now();
    return 0;
}

EXPORT unsigned alarm(unsigned seconds)
{
    struct itimerval value = {.it_value.tv_sec = seconds}, old;
    if (setitimer(ITIMER_REAL, &value, &old) < 0)
        return 0;
    /* Rounded as the kernel does, but an alarm that is to come never reads as none. */
    return (unsigned)old.it_value.tv_sec + (old.it_value.tv_usec >= 500000 || (!old.it_value.tv_sec && old.it_value.tv_usec));
}

EXPORT useconds_t ualarm(useconds_t us, useconds_t interval_us)
{
    struct itimerval value = {.it_value = {us / 1000000, us % 1000000}, .it_interval = {interval_us / 1000000, interval_us % 1000000}}, old;
    return setitimer(ITIMER_REAL, &value, &old) < 0 ? (useconds_t)-1 : (useconds_t)(old.it_value.tv_sec * 1000000 + old.it_value.tv_usec);
}

void itimer_to_kernel(void)
{
    if (!is_ours)
        return;
    struct itimerval left = left_now();
    int64_t due_ns = timers_undelivered(number);
    is_ours = 0;
    timers_line(number)->armed = 0;
    set_real(ITIMER_REAL, &left, NULL);
    if (due_ns && left.it_interval.tv_sec + left.it_interval.tv_usec > 0 && due_ns <= now_ns(CLOCK_MONOTONIC)) { /* one of the series, after the service's end */
        siginfo_t info = {.si_signo = SIGALRM, .si_code = SI_KERNEL};
        syscall(SYS_rt_sigqueueinfo, getpid(), SIGALRM, &info);
    }
}

void itimer_to_service(void)
{
    static const struct itimerval none;
    struct itimerval left;
    if (number >= 0 && !is_ours && set_real(ITIMER_REAL, &none, &left) == 0 && us_to_ns(&left.it_value) > 0)
        arm(now_ns(CLOCK_MONOTONIC), &left);
}
