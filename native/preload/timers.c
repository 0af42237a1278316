/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers in the table. Everything here may run in a signal handler: timer_settime(2) and alarm(2) may be called there.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "preload.h"

#define GENERATIONS 0x7fffffffu

static uint64_t taken[TABLE_WORDS];
static uint32_t generations[TABLE_TIMERS]; /* the last one of each number */
static struct {
    uint32_t generation; /* that was disarmed last */
    int is_owed;         /* it had expired by then, and its signal was not taken */
} former[TABLE_TIMERS];

int timers_take(void)
{
    for (unsigned word = 0; word < TABLE_WORDS; word++)
        for (uint64_t bits; (bits = __atomic_load_n(&taken[word], __ATOMIC_RELAXED)) != UINT64_MAX;) {
            unsigned bit = (unsigned)__builtin_ctzll(~bits);
            if (__atomic_compare_exchange_n(&taken[word], &bits, bits | UINT64_C(1) << bit, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
                return (int)(word * 64 + bit);
        }
    return -1;
}

void timers_give_back(int number)
{
    former[number].generation = 0;
    __atomic_and_fetch(&taken[number / 64], ~(UINT64_C(1) << number % 64), __ATOMIC_ACQ_REL);
}

int timers_is_taken(int number) { return (int)(__atomic_load_n(&taken[number / 64], __ATOMIC_ACQUIRE) >> number % 64 & 1); }

struct table_timer *timers_line(int number) { return &session_table()->timer[number]; }

/* T3. The bit before the summary: whoever takes the summary finds the bit. */
static void mark(int number)
{
    struct table *table = session_table();
    __atomic_or_fetch(&table->dirty[number / 64], UINT64_C(1) << number % 64, __ATOMIC_SEQ_CST);
    __atomic_or_fetch(&table->summary, UINT64_C(1) << number / 64, __ATOMIC_SEQ_CST);
}

void timers_touch(int number) { mark(number); }

uint32_t timers_arm(int number, const struct arming *arming)
{
    struct table_timer *timer = timers_line(number);
    uint32_t generation = generations[number] = generations[number] % GENERATIONS + 1;
    __atomic_store_n(&timer->armed, 0, __ATOMIC_RELAXED); /* the service takes no mixture of old and new for one of them */
    __atomic_thread_fence(__ATOMIC_RELEASE);
    __atomic_store_n(&timer->fired, 0, __ATOMIC_RELAXED); /* T1 */
    timer->kind = arming->kind;
    timer->deadline_ns = arming->deadline_ns;
    timer->interval_ns = arming->interval_ns;
    timer->is_realtime = (uint32_t)arming->is_realtime;
    timer->lead_ns = arming->lead_ns;
    timer->signal = arming->signal;
    timer->tid = arming->tid;
    timer->value = (uintptr_t)arming->value;
    timer->accepted = 0;
    timer->event = arming->event;
    __atomic_store_n(&timer->armed, generation, __ATOMIC_RELEASE); /* T2 */
    mark(number);
    return generation;
}

/* A signal that is pending when its timer is set anew stays pending. One that was sent ahead of a time that never came is nobody's. */
static void remember(int number, const struct table_timer *timer, uint32_t armed)
{
    int64_t passed_ns = now_ns(timer->is_realtime ? CLOCK_REALTIME : CLOCK_MONOTONIC) - timer->deadline_ns;
    int64_t expirations = passed_ns < 0 ? 0 : 1 + (timer->interval_ns > 0 ? passed_ns / timer->interval_ns : 0);
    former[number].generation = armed;
    former[number].is_owed = (int32_t)((uint32_t)expirations - timer->accepted) > 0;
}

int timers_owes(int number, uint32_t generation)
{
    return former[number].generation == generation && __atomic_exchange_n(&former[number].is_owed, 0, __ATOMIC_ACQ_REL);
}

void timers_disarm(int number)
{
    struct table_timer *timer = timers_line(number);
    uint32_t armed = __atomic_exchange_n(&timer->armed, 0, __ATOMIC_SEQ_CST); /* partner: the store of `delivering` in the service */
    if (armed == 0)
        return;
    if (timer->kind == TIMER_SIGNAL)
        remember(number, timer, armed);
    mark(number);
    int cancel = hold_cancel();
    while (__atomic_load_n(&timer->delivering, __ATOMIC_ACQUIRE) == armed && !session_is_lost() && !session_hangs_up()) {
        struct timespec moment = {.tv_nsec = 20000}; /* the idler runs when we sleep */
        REAL(nanosleep)(&moment, NULL);
    }
    release_cancel(cancel);
}

void timers_mark_armed(void)
{
    for (int i = 0; i < (int)TABLE_TIMERS; i++)
        if (timers_is_taken(i) && __atomic_load_n(&timers_line(i)->armed, __ATOMIC_RELAXED))
            mark(i);
}

void timers_interrupt_all(void)
{
    for (int i = 0; i < (int)TABLE_TIMERS; i++)
        if (timers_is_taken(i)) {
            __atomic_or_fetch(&timers_line(i)->fired, TIMER_INTERRUPTED, __ATOMIC_SEQ_CST);
            syscall(SYS_futex, &timers_line(i)->fired, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
        }
}

void timers_forget_all(void)
{
    for (unsigned word = 0; word < TABLE_WORDS; word++)
        __atomic_store_n(&taken[word], 0, __ATOMIC_RELAXED);
}

int64_t timers_next(int number, int64_t now)
{
    struct table_timer *timer = timers_line(number);
    int64_t left = timer->deadline_ns - now;
    uint32_t armed = __atomic_load_n(&timer->armed, __ATOMIC_RELAXED);
    if (!armed)
        return 0;
    if (timer->interval_ns <= 0) {
        int is_over = __atomic_load_n(&timer->generation, __ATOMIC_ACQUIRE) == armed && __atomic_load_n(&timer->expirations, __ATOMIC_ACQUIRE) > 0;
        return is_over ? 0 : left > 0 ? timer->deadline_ns : now + 1; /* 0 would mean disarmed: timer_gettime(2) */
    }
    return left > 0 ? timer->deadline_ns : timer->deadline_ns + (-left / timer->interval_ns + 1) * timer->interval_ns;
}

int64_t timers_undelivered(int number)
{
    struct table_timer *timer = timers_line(number);
    uint32_t armed = __atomic_load_n(&timer->armed, __ATOMIC_RELAXED);
    uint64_t delivered = __atomic_load_n(&timer->generation, __ATOMIC_ACQUIRE) == armed ? __atomic_load_n(&timer->expirations, __ATOMIC_ACQUIRE) : 0;
    if (!armed || (delivered && timer->interval_ns <= 0))
        return 0;
    return timer->deadline_ns + (int64_t)delivered * timer->interval_ns;
}
