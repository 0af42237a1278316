/* SPDX-License-Identifier: Apache-2.0
 *
 * Every handler that the program installs is entered through `enter`. So a wait in a futex, which the kernel would restart after a handler
 * with SA_RESTART, or in a park, which no handler ends, learns that it was interrupted; and a timer learns that its signal was taken.
 *
 * The program does not see it: sigaction(2) answers its own handler. SIG_DFL and SIG_IGN stay the kernel's. Handlers that are installed past
 * the C library are not known; they end waits if they have no SA_RESTART.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <ucontext.h>

#include "preload.h"

#define LEAD_STEP_NS 8000u /* a series is told of another lead when it has changed by more */

typedef void handler_function(int, siginfo_t *, void *);

static struct {
    void *handler; /* the program's, or SIG_DFL, SIG_IGN */
    int has_siginfo;
} programs[_NSIG];

static int is_function(const void *handler) { return handler != (void *)SIG_DFL && handler != (void *)SIG_IGN && handler != (void *)SIG_ERR; }

int signals_is_handled(int signal) { return signal > 0 && signal < _NSIG && is_function(__atomic_load_n(&programs[signal].handler, __ATOMIC_RELAXED)); }

/* A handler that jumped away never came back to `enter`: then the stack is shorter than what it interrupted. */
int signals_in_handler(void)
{
    if (self.handler_depth && (uintptr_t)__builtin_frame_address(0) > self.handler_stack)
        self.handler_depth = 0;
    return self.handler_depth > 0;
}

static uint32_t lead_ns = 30000; /* learned from all signals of the process, as self_learn does for a thread */

int signals_lead(int signal) { return signals_is_handled(signal) ? (int)__atomic_load_n(&lead_ns, __ATOMIC_RELAXED) : 0; }

void signals_learn(int number, int64_t due_ns)
{
    struct table_timer *timer = timers_line(number);
    uint32_t lead = __atomic_load_n(&lead_ns, __ATOMIC_RELAXED);
    if (!timer->lead_ns)
        return;
    int64_t way = now_ns(timer->is_realtime ? CLOCK_REALTIME : CLOCK_MONOTONIC) - (due_ns - (int64_t)timer->lead_ns);
    lead = self_next_lead(lead, way);
    __atomic_store_n(&lead_ns, lead, __ATOMIC_RELAXED);
    if (timer->interval_ns > 0 && (lead > timer->lead_ns + LEAD_STEP_NS || lead + LEAD_STEP_NS < timer->lead_ns)) {
        __atomic_store_n(&timer->lead_ns, lead, __ATOMIC_RELAXED);
        timers_touch(number);
    }
}

static int is_of_a_timer(const siginfo_t *info)
{
    int number = info->si_timerid - SIGNAL_TIMER_ID;
    return info->si_code == SI_TIMER && number >= 0 && number < (int)TABLE_TIMERS && session_table() && timers_is_taken(number);
}

/* A signal that was on its way when its timer was armed anew, or deleted, is nobody's. A good one is made what the kernel would have sent; it may
 * be early by the timer's lead, and its handler is not entered before the time. */
int signals_take_ours(siginfo_t *info)
{
    if (!is_of_a_timer(info))
        return 1;
    int number = info->si_timerid - SIGNAL_TIMER_ID;
    struct table_timer *timer = timers_line(number);
    uint32_t armed = __atomic_load_n(&timer->armed, __ATOMIC_ACQUIRE);
    if (armed != (uint32_t)info->si_overrun || timer->kind != TIMER_SIGNAL)
        return 0;
    uint32_t count = (uint32_t)__atomic_load_n(&timer->expirations, __ATOMIC_ACQUIRE);
    int64_t due_ns = timer->deadline_ns + (timer->interval_ns > 0 && count > 0 ? (int64_t)(count - 1) * timer->interval_ns : 0);
    signals_learn(number, due_ns);
    while (timer->lead_ns && now_ns(timer->is_realtime ? CLOCK_REALTIME : CLOCK_MONOTONIC) < due_ns)
        ;
    info->si_overrun = (int)(count - timer->accepted) - 1;
    __atomic_store_n(&timer->accepted, count, __ATOMIC_RELEASE);
    if (number == itimer_number())
        *info = (siginfo_t){.si_signo = info->si_signo, .si_code = SI_KERNEL}; /* setitimer's signal names no timer */
    else
        posix_timers_accept(number, info);
    return 1;
}

static int is_own_urgent(int signal, const siginfo_t *info)
{
    if (signal != SIGURG)
        return 0;
    if (info->si_code == SI_TIMER && !is_of_a_timer(info) && info->si_value.sival_int >> 16 == SIGNAL_TIMER_ID >> 16) {
        timerfds_expired(info->si_value.sival_int & 0xffff, info->si_overrun);
        return 1;
    }
    if (info->si_code <= 0 || session_socket() < 0 || info->si_fd != session_socket())
        return 0;
    session_check_hangup();
    return 1;
}

/* The wait that a handler interrupted goes on as it was, and learns of it. */
static void resume(const struct self *interrupted)
{
    int error = errno, cancel = hold_cancel();
    self.is_waiting = interrupted->is_waiting;
    self.interrupted_ns = interrupted->interrupted_ns;
    self.polled = self.timer ? interrupted->polled : 0; /* none: it has forked, and this is the child */
    self.generation = interrupted->generation;
    self.handlers_seen = interrupted->handlers_seen;
    if (self.is_waiting)
        self_interrupt();
    release_cancel(cancel);
    errno = error;
}

static void enter(int signal, siginfo_t *info, void *context)
{
    int error = errno, cancel = hold_cancel();
    int is_own = is_own_urgent(signal, info) || !signals_take_ours(info);
    release_cancel(cancel);
    self.own_signals += is_own != 0;
    void *program = __atomic_load_n(&programs[signal].handler, __ATOMIC_RELAXED);
    if (!is_own && is_function(program)) {
        struct self interrupted = self; /* the handler may wait too, with the same timer */
        if (self.is_waiting && !self.interrupted_ns)
            interrupted.interrupted_ns = now_ns(CLOCK_MONOTONIC);
        self.is_waiting = self.polled = 0;
        errno = error;
        if (!signals_in_handler())
            self.handler_stack = (uintptr_t)((const ucontext_t *)context)->uc_mcontext.gregs[REG_RSP];
        self.handler_depth++;
        ((handler_function *)(uintptr_t)program)(signal, info, context);
        self.handler_depth--;
        self.handlers++;
        resume(&interrupted);
        return;
    }
    errno = error;
}

void signals_install_own(void)
{
    struct sigaction action = {.sa_sigaction = enter, .sa_flags = SA_SIGINFO | SA_RESTART}, old;
    if (REAL(sigaction)(SIGURG, NULL, &old) == 0 && old.sa_sigaction != enter)
        REAL(sigaction)(SIGURG, &action, NULL);
}

/* What the kernel has, as the program knows it. */
static void translate(int signal, struct sigaction *old)
{
    if (old->sa_sigaction != enter)
        return;
    if (!programs[signal].has_siginfo)
        old->sa_flags &= ~SA_SIGINFO;
    old->sa_sigaction = (handler_function *)(uintptr_t)programs[signal].handler;
}

EXPORT int sigaction(int signal, const struct sigaction *action, struct sigaction *old)
{
    if (signal < 1 || signal >= _NSIG)
        return REAL(sigaction)(signal, action, old);
    struct sigaction before, ours;
    if (REAL(sigaction)(signal, NULL, &before) < 0)
        return -1;
    translate(signal, &before);
    if (action) {
        ours = *action;
        void *former = programs[signal].handler;
        int had_siginfo = programs[signal].has_siginfo;
        programs[signal].has_siginfo = (action->sa_flags & SA_SIGINFO) != 0;
        __atomic_store_n(&programs[signal].handler, (void *)(uintptr_t)action->sa_sigaction, __ATOMIC_RELAXED);
        if (is_function((void *)(uintptr_t)action->sa_sigaction) || signal == SIGURG) {
            ours.sa_sigaction = enter;
            ours.sa_flags |= SA_SIGINFO | (signal == SIGURG ? SA_RESTART : 0);
        }
        if (REAL(sigaction)(signal, &ours, NULL) < 0) {
            programs[signal].handler = former;
            programs[signal].has_siginfo = had_siginfo;
            return -1;
        }
    }
    if (old)
        *old = before;
    return 0;
}

static sigset_t to_be_interrupted; /* siginterrupt(3) */

static sighandler_t install(int signal, sighandler_t program, int flags)
{
    struct sigaction action = {.sa_handler = program, .sa_flags = flags}, old;
    if (program == SIG_ERR || signal < 1 || signal >= _NSIG) {
        errno = EINVAL;
        return SIG_ERR;
    }
    if (!(flags & SA_NODEFER))
        sigaddset(&action.sa_mask, signal);
    return sigaction(signal, &action, &old) < 0 ? SIG_ERR : old.sa_handler;
}

EXPORT sighandler_t signal(int number, sighandler_t program)
{
    int is_listed = number > 0 && number < _NSIG && sigismember(&to_be_interrupted, number) == 1;
    return install(number, program, is_listed ? 0 : SA_RESTART);
}

EXPORT sighandler_t bsd_signal(int number, sighandler_t program) { return signal(number, program); }
EXPORT sighandler_t ssignal(int number, sighandler_t program) { return signal(number, program); }
EXPORT sighandler_t sysv_signal(int number, sighandler_t program) { return install(number, program, (int)(SA_RESETHAND | SA_NODEFER)); }
EXPORT sighandler_t __sysv_signal(int number, sighandler_t program) { return install(number, program, (int)(SA_RESETHAND | SA_NODEFER)); }

EXPORT int siginterrupt(int number, int is_interrupting)
{
    struct sigaction action;
    if (sigaction(number, NULL, &action) < 0)
        return -1;
    if (is_interrupting) {
        sigaddset(&to_be_interrupted, number);
        action.sa_flags &= ~SA_RESTART;
    } else {
        sigdelset(&to_be_interrupted, number);
        action.sa_flags |= SA_RESTART;
    }
    return sigaction(number, &action, NULL);
}

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
