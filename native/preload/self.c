/* SPDX-License-Identifier: Apache-2.0
 *
 * The calling thread's own timer and its waits.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "preload.h"

/* The lead is a high quantile of the ways measured, followed by steps of unequal size, as WakeAdvance of the Java library. What threads wait for each
 * other must not be learned: the more they learn the more they spin, and the longer the others wait. So ways that began late do not count, and the
 * lead is bounded. */
#define LEAD_FIRST_NS 40000
#define LATE_NS 1000000

__thread struct self self;

static pthread_key_t at_exit;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void give_back(void *nothing)
{
    (void)nothing;
    self.is_gone = 1;
    if (self.timer && session_table()) {
        timers_disarm(self.timer - 1);
        timers_give_back(self.timer - 1);
        self.timer = 0;
    }
}

static void make_key(void) { pthread_key_create(&at_exit, give_back); }

int self_has_timer(void)
{
    if (!self.timer) {
        if (signals_in_handler()) /* pthread_setspecific may allocate */
            return 0;
        pthread_once(&once, make_key);
        if (pthread_setspecific(at_exit, &self))
            return 0;
        signals_open_urgent();
        self.timer = timers_take() + 1;
        self.lead_ns = LEAD_FIRST_NS;
    }
    return self.timer > 0;
}

/* In a handler, or on its thread: whatever the thread waits on, or is about to, tells. */
void self_interrupt(void)
{
    uint64_t one = 1;
    self.is_interrupted = 1;
    if (self.timer && session_table()) /* a futex wait that the kernel restarts finds this */
        __atomic_or_fetch(&timers_line(self.timer - 1)->fired, TIMER_INTERRUPTED, __ATOMIC_SEQ_CST);
    if (self.polled && write(self.polled - 1, &one, sizeof one) < 0)
        self.polled = 0; /* a full one is readable too */
}

/* From here to self_end a handler ends the wait; and so does one that ran since self_enter: finding the service may have taken milliseconds, in
 * which the kernel's call would have waited. */
void self_begin(void)
{
    self.is_interrupted = 0;
    __atomic_signal_fence(__ATOMIC_SEQ_CST); /* partner: enter, on this thread */
    self.is_waiting = 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (self.handlers != self.handlers_seen)
        self_interrupt();
}

/* The kernel ends a wait before the handler runs, however long that takes. */
int64_t self_end_ns(clockid_t clock)
{
    return now_ns(clock) - (self.interrupted_ns ? now_ns(CLOCK_MONOTONIC) - self.interrupted_ns : 0);
}

void self_arm(enum timer_kind kind, int is_realtime, int64_t deadline_ns)
{
    /* A thread spins for an eighth of its sleep at most: several of one CPU must not fill it. */
    int64_t most_ns = (deadline_ns - now_ns(is_realtime ? CLOCK_REALTIME : CLOCK_MONOTONIC)) / 8;
    self.armed_lead_ns = most_ns > (int64_t)self.lead_ns ? self.lead_ns : most_ns > 0 ? (uint32_t)most_ns : 0;
    self.generation = timers_arm(self.timer - 1, &(struct arming){.kind = kind, .deadline_ns = deadline_ns, .is_realtime = is_realtime, .lead_ns = self.armed_lead_ns});
}

void self_arm_event(int64_t deadline_ns, uint32_t event)
{
    self.generation = timers_arm(self.timer - 1, &(struct arming){.kind = TIMER_EVENT, .deadline_ns = deadline_ns, .lead_ns = self.lead_ns, .event = event});
}

int self_has_expired(void)
{
    struct table_timer *timer = timers_line(self.timer - 1);
    return __atomic_load_n(&timer->generation, __ATOMIC_ACQUIRE) == self.generation && __atomic_load_n(&timer->expirations, __ATOMIC_ACQUIRE) > 0;
}

void self_end(void)
{
    self.is_waiting = self.polled = 0;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (!self.timer || !session_table())
        return;
    struct table_timer *timer = timers_line(self.timer - 1);
    if ((timer->kind == TIMER_WAKE || timer->kind == TIMER_EVENT) && __atomic_load_n(&timer->fired, __ATOMIC_RELAXED) == self.generation)
        __atomic_store_n(&timer->armed, 0, __ATOMIC_RELAXED); /* the service is done with it and need not look again */
    else
        timers_disarm(self.timer - 1);
}

/* struct futex_waitv of linux/futex.h: Linux 5.16 */
struct waiter {
    uint64_t value, address;
    uint32_t flags, reserved;
};
#define WAITER_U32 2u
#define WAITER_PRIVATE 128u

int self_waits_for_two(void)
{
    static int32_t answer; /* 1 yes, -1 no */
    int32_t known = __atomic_load_n(&answer, __ATOMIC_RELAXED);
    if (!known) {
        int error = errno;
        known = syscall(SYS_futex_waitv, NULL, 0u, 0u, NULL, CLOCK_MONOTONIC) < 0 && errno == ENOSYS ? -1 : 1;
        errno = error;
        __atomic_store_n(&answer, known, __ATOMIC_RELAXED);
    }
    return known > 0;
}

static long futex_wait(uint32_t *fired, uint32_t fired_value, uint32_t *word, uint32_t value, int is_shared_word)
{
    if (!word)
        return syscall(SYS_futex, fired, FUTEX_WAIT, fired_value, NULL, NULL, 0);
    struct waiter waiters[2] = {{.value = fired_value, .address = (uintptr_t)fired, .flags = WAITER_U32},
                                {.value = value, .address = (uintptr_t)word, .flags = is_shared_word ? WAITER_U32 : WAITER_U32 | WAITER_PRIVATE}};
    return syscall(SYS_futex_waitv, waiters, 2u, 0u, NULL, CLOCK_MONOTONIC);
}

enum outcome self_wait(uint32_t *word, uint32_t value, int is_shared_word)
{
    uint32_t *fired = &timers_line(self.timer - 1)->fired;
    for (;;) {
        uint32_t seen = __atomic_load_n(fired, __ATOMIC_ACQUIRE);
        if (seen == self.generation)
            return WAIT_EXPIRED;
        if (session_is_lost())
            return WAIT_LOST;
        if (self.is_interrupted || (word && __atomic_load_n(word, __ATOMIC_ACQUIRE) != value))
            return WAIT_INTERRUPTED;
        if (seen != 0) { /* for an older generation, or a handler's: wait for what comes after it */
            __atomic_compare_exchange_n(fired, &seen, 0, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
            continue;
        }
        int type;
        pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &type); /* as the C library does around a system call that is a cancellation point */
        long result = futex_wait(fired, 0, word, value, is_shared_word);
        int error = errno;
        pthread_setcanceltype(type, NULL);
        if (result < 0 && error == EINTR)
            self.is_interrupted = 1; /* by a handler that did not pass through ours */
    }
}

uint32_t self_next_lead(uint32_t lead_ns, const struct lead_rule *rule, const struct table_timer *timer, int64_t way_ns)
{
    if (__atomic_load_n(&timer->late_ns, __ATOMIC_RELAXED) > LATE_NS)
        return lead_ns;
    int64_t missed_ns = way_ns - (int64_t)lead_ns;
    if (missed_ns > 0) {
        uint32_t longer = lead_ns + (uint32_t)(missed_ns < rule->up_ns ? missed_ns : rule->up_ns);
        return longer < rule->most_ns ? longer : rule->most_ns;
    }
    return lead_ns >= rule->down_ns ? lead_ns - rule->down_ns : 0;
}

void self_learn(int64_t deadline_ns, clockid_t clock)
{
    static const struct lead_rule rule = {.most_ns = 1000000, .up_ns = 25000, .down_ns = 250}; /* one way in a hundred is longer */
    self.lead_ns = self_next_lead(self.lead_ns, &rule, timers_line(self.timer - 1), now_ns(clock) - (deadline_ns - (int64_t)self.armed_lead_ns));
}

enum outcome self_spin(int64_t deadline_ns, clockid_t clock)
{
    while (now_ns(clock) < deadline_ns)
        if (self.is_interrupted)
            return WAIT_INTERRUPTED;
    return WAIT_EXPIRED;
}

enum outcome self_sleep(clockid_t clock, int64_t deadline_ns)
{
    enum outcome outcome = WAIT_EXPIRED;
    self_begin();
    if (deadline_ns - now_ns(clock) > SHORT_NS) {
        self_arm(TIMER_WAKE, clock == CLOCK_REALTIME, deadline_ns);
        outcome = self_wait(NULL, 0, 0);
        if (outcome == WAIT_EXPIRED)
            self_learn(deadline_ns, clock);
    }
    if (outcome == WAIT_EXPIRED)
        outcome = self_spin(deadline_ns, clock);
    self_end();
    return outcome;
}
