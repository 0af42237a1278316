/* SPDX-License-Identifier: Apache-2.0
 *
 * sem_timedwait(3), sem_clockwait(3). The semaphore stays the C library's: the value in the low and the number of waiters in the high half of
 * one 64-bit word, as it has been on 64-bit machines since glibc 2.21. is_known() makes sure before the first use.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>

#include "preload.h"

#define ONE_WAITER (UINT64_C(1) << 32)

struct layout {
    uint64_t data;
    int32_t is_shared; /* 0: private to the process */
};

static int is_known(void)
{
    static int32_t known; /* 1 yes, -1 no */
    int32_t answer = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (!answer) {
        sem_t probe, shared;
        sem_init(&probe, 0, 5);
        sem_init(&shared, 1, 0);
        answer = ((struct layout *)&probe)->data == 5 && !((struct layout *)&probe)->is_shared && ((struct layout *)&shared)->is_shared ? 1 : -1;
        sem_destroy(&probe);
        sem_destroy(&shared);
        __atomic_store_n(&known, answer, __ATOMIC_RELAXED);
    }
    return answer > 0;
}

static void leave(void *semaphore) { __atomic_sub_fetch(&((struct layout *)semaphore)->data, ONE_WAITER, __ATOMIC_ACQ_REL); }

/* Takes one and leaves the waiters, if there is one. */
static int take(struct layout *s)
{
    uint64_t data = __atomic_load_n(&s->data, __ATOMIC_ACQUIRE);
    while ((uint32_t)data)
        if (__atomic_compare_exchange_n(&s->data, &data, data - 1 - ONE_WAITER, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            return 1;
    return 0;
}

/* 0, ETIMEDOUT, EINTR; -1: the service is gone. */
static int wait_served(struct layout *s, clockid_t clock, int64_t deadline_ns)
{
    int result = 0, is_taken;
    enum outcome outcome = WAIT_INTERRUPTED;
    __atomic_add_fetch(&s->data, ONE_WAITER, __ATOMIC_ACQ_REL);
    pthread_cleanup_push(leave, s);
    self_begin();
    self_arm(TIMER_WAKE, clock == CLOCK_REALTIME, deadline_ns);
    while (!(is_taken = take(s)) && outcome == WAIT_INTERRUPTED && !self.is_interrupted)
        outcome = self_wait((uint32_t *)&s->data, 0, s->is_shared != 0); /* the value is the low half */
    if (!is_taken && outcome == WAIT_EXPIRED) {
        self_learn(deadline_ns, clock);
        self_spin(deadline_ns, clock);
        is_taken = take(s);
    }
    self_end();
    if (!is_taken)
        result = outcome == WAIT_EXPIRED ? ETIMEDOUT : outcome == WAIT_LOST ? -1 : EINTR;
    pthread_cleanup_pop(0);
    if (!is_taken)
        leave(s);
    return result;
}

typedef int library_wait(sem_t *, clockid_t, const struct timespec *);

static int wait_in_library(sem_t *semaphore, clockid_t clock, const struct timespec *until, library_wait *wait)
{
    uint64_t before;
    int result;
    do {
        before = self_signals();
        result = wait(semaphore, clock, until);
    } while (result < 0 && self_was_disturbed(before, errno));
    return result;
}

static int wait_for(sem_t *semaphore, clockid_t clock, const struct timespec *until, library_wait *library)
{
    self_enter();
    pthread_testcancel();
    if (!until || !is_plain(until)) /* refused, even where there is one to take */
        return wait_in_library(semaphore, clock, until, library);
    if (sem_trywait(semaphore) == 0)
        return 0;
    if (!is_known() || !self_waits_for_two() || !session_serves() || direct_owns() || !self_has_timer())
        return wait_in_library(semaphore, clock, until, library);
    int error = wait_served((struct layout *)semaphore, clock, ns_of(until));
    if (error < 0)
        return wait_in_library(semaphore, clock, until, library);
    if (error)
        errno = error;
    return error ? -1 : 0;
}

static int timed(sem_t *semaphore, clockid_t clock, const struct timespec *until)
{
    (void)clock;
    return REAL(sem_timedwait)(semaphore, until);
}

EXPORT int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until) { return wait_for(semaphore, CLOCK_REALTIME, until, timed); }

static int clocked(sem_t *semaphore, clockid_t clock, const struct timespec *until) { return REAL(sem_clockwait)(semaphore, clock, until); }

EXPORT int sem_clockwait(sem_t *restrict semaphore, clockid_t clock, const struct timespec *restrict until)
{
    if (clock != CLOCK_MONOTONIC && clock != CLOCK_REALTIME)
        return REAL(sem_clockwait)(semaphore, clock, until);
    return wait_for(semaphore, clock, until, clocked);
}
