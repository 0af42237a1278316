/* SPDX-License-Identifier: Apache-2.0
 *
 * pthread_cond_wait(3), pthread_cond_timedwait(3), pthread_cond_clockwait(3) and the signals to them.
 */
#define _GNU_SOURCE
#include "cases.h"

#include <threads.h>

#define MANY 20

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static volatile int flag, waiting, woken;

static struct timespec in(clockid_t clock, int64_t ns) { return timespec_of(now(clock) + ns); }

CASE(cond, timeout_with_the_mutex_locked)
{
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < 10; i++) {
        int64_t since = now(CLOCK_REALTIME), length = (i % 4) * 2 * MS + 1;
        struct timespec until = timespec_of(since + length);
        CHECK(pthread_cond_timedwait(&cond, &mutex, &until) == ETIMEDOUT);
        CHECK_WAITED(CLOCK_REALTIME, since, length);
        CHECK(pthread_mutex_trylock(&mutex) == EBUSY);
    }
    pthread_mutex_unlock(&mutex);
}

CASE(cond, each_clock)
{
    pthread_condattr_t attributes;
    pthread_cond_t monotonic;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    CHECK(pthread_cond_init(&monotonic, &attributes) == 0);
    pthread_mutex_lock(&mutex);
    int64_t since = now(CLOCK_MONOTONIC);
    struct timespec until = timespec_of(since + 6 * MS);
    CHECK(pthread_cond_timedwait(&monotonic, &mutex, &until) == ETIMEDOUT);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 6 * MS);
    for (int i = 0; i < 2; i++) {
        clockid_t clock = i ? CLOCK_REALTIME : CLOCK_MONOTONIC;
        since = now(clock);
        until = timespec_of(since + 6 * MS);
        CHECK(pthread_cond_clockwait(&cond, &mutex, clock, &until) == ETIMEDOUT);
        CHECK_WAITED(clock, since, 6 * MS);
    }
    CHECK(pthread_cond_clockwait(&cond, &mutex, CLOCK_PROCESS_CPUTIME_ID, &until) == EINVAL);
    until = timespec_of(1);
    since = now(CLOCK_MONOTONIC);
    CHECK(pthread_cond_timedwait(&cond, &mutex, &until) == ETIMEDOUT);
    CHECK_AT_ONCE(CLOCK_MONOTONIC, since);
    pthread_mutex_unlock(&mutex);
    CHECK(pthread_cond_destroy(&monotonic) == 0);
}

static void *signal_soon(void *nothing)
{
    sleep_ns(15 * MS);
    pthread_mutex_lock(&mutex);
    flag = 1;
    pthread_cond_signal(&cond);
    pthread_mutex_unlock(&mutex);
    return nothing;
}

CASE(cond, a_signal_comes_before_the_timeout)
{
    for (int i = 0; i < 5; i++) {
        flag = 0;
        pthread_mutex_lock(&mutex);
        int64_t since = now(CLOCK_REALTIME);
        struct timespec until = timespec_of(since + 30 * SECOND);
        pthread_t thread = start(signal_soon, NULL);
        int result = 0;
        while (!flag && !result)
            result = pthread_cond_timedwait(&cond, &mutex, &until);
        CHECK(result == 0 && flag);
        CHECK_WAITED(CLOCK_REALTIME, since, 15 * MS);
        pthread_mutex_unlock(&mutex);
        pthread_join(thread, NULL);
    }
}

static void *wait_for_flag(void *is_timed)
{
    struct timespec until = in(CLOCK_REALTIME, 30 * SECOND);
    int result = 0;
    pthread_mutex_lock(&mutex);
    waiting++;
    while (!flag && !result)
        result = is_timed ? pthread_cond_timedwait(&cond, &mutex, &until) : pthread_cond_wait(&cond, &mutex);
    CHECK(result == 0);
    woken++;
    pthread_mutex_unlock(&mutex);
    return NULL;
}

static void await_waiting(int count)
{
    for (int is_there = 0; !is_there; sleep_ns(2 * MS)) {
        pthread_mutex_lock(&mutex);
        is_there = waiting == count;
        pthread_mutex_unlock(&mutex);
    }
}

CASE(cond, a_broadcast_wakes_all_and_destroy_may_follow_at_once)
{
    for (int round = 0; round < 3; round++) {
        pthread_t threads[MANY];
        flag = waiting = woken = 0;
        CHECK(pthread_cond_init(&cond, NULL) == 0);
        for (int i = 0; i < MANY; i++)
            threads[i] = start(wait_for_flag, i % 2 ? &cond : NULL);
        await_waiting(MANY);
        pthread_mutex_lock(&mutex);
        flag = 1;
        pthread_cond_broadcast(&cond);
        pthread_mutex_unlock(&mutex);
        CHECK(pthread_cond_destroy(&cond) == 0); /* POSIX: safe once no thread is blocked on it */
        memset(&cond, 0xff, sizeof cond);
        for (int i = 0; i < MANY; i++)
            pthread_join(threads[i], NULL);
        CHECK(woken == MANY);
    }
}

static void *take_token(void *nothing)
{
    struct timespec until = in(CLOCK_REALTIME, 30 * SECOND);
    int result = 0;
    pthread_mutex_lock(&mutex);
    waiting++;
    while (flag == 0 && !result)
        result = pthread_cond_timedwait(&cond, &mutex, &until);
    CHECK(result == 0);
    flag--;
    woken++;
    pthread_mutex_unlock(&mutex);
    return nothing;
}

CASE(cond, each_signal_wakes_one_at_least)
{
    pthread_t threads[MANY];
    for (int i = 0; i < MANY; i++)
        threads[i] = start(take_token, NULL);
    await_waiting(MANY);
    for (int i = 0; i < MANY; i++) {
        pthread_mutex_lock(&mutex);
        flag++;
        pthread_mutex_unlock(&mutex);
        pthread_cond_signal(&cond); /* not under the mutex */
    }
    for (int i = 0; i < MANY; i++)
        pthread_join(threads[i], NULL);
    CHECK(woken == MANY && flag == 0);
}

CASE(cond, handlers_do_not_end_it)
{
    handle(SIGUSR1, 0);
    pthread_mutex_lock(&mutex);
    int64_t since = now(CLOCK_REALTIME);
    struct timespec until = timespec_of(since + 60 * MS);
    kick_after(10 * MS, SIGUSR1);
    kick_after(20 * MS, SIGUSR1);
    int result;
    do
        result = pthread_cond_timedwait(&cond, &mutex, &until);
    while (result == 0); /* a spurious wake is allowed, EINTR is not */
    CHECK(result == ETIMEDOUT, "result %d", result);
    CHECK_WAITED(CLOCK_REALTIME, since, 60 * MS);
    CHECK(hits >= 1); /* two that are pending at once are one */
    pthread_mutex_unlock(&mutex);
}

CASE(cond, a_mutex_of_another_thread_is_refused)
{
    pthread_mutexattr_t attributes;
    pthread_mutex_t checked;
    struct timespec until = in(CLOCK_REALTIME, 5 * MS);
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&checked, &attributes);
    CHECK(pthread_cond_timedwait(&cond, &checked, &until) == EPERM);
    CHECK(pthread_cond_destroy(&cond) == 0);
}

CASE(cond, c11)
{
    mtx_t m;
    cnd_t c;
    mtx_init(&m, mtx_plain);
    CHECK(cnd_init(&c) == thrd_success);
    mtx_lock(&m);
    int64_t since = now(CLOCK_REALTIME);
    struct timespec until = timespec_of(since + 5 * MS);
    CHECK(cnd_timedwait(&c, &m, &until) == thrd_timedout);
    CHECK_WAITED(CLOCK_REALTIME, since, 5 * MS);
    CHECK(cnd_signal(&c) == thrd_success && cnd_broadcast(&c) == thrd_success);
    mtx_unlock(&m);
    cnd_destroy(&c);
}
