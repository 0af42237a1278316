/* SPDX-License-Identifier: Apache-2.0
 *
 * Each served wait is a cancellation point, pthreads(7): cleanup handlers run, and that of a condition with its mutex locked.
 */
#define _GNU_SOURCE
#include "cases.h"

#include <poll.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/select.h>

static volatile int is_waiting, is_cleaned, has_returned;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static sem_t semaphore;

static void clean(void *nothing)
{
    (void)nothing;
    is_cleaned = 1;
}

static void clean_locked(void *nothing)
{
    (void)nothing;
    CHECK(pthread_mutex_trylock(&mutex) == EBUSY, "the mutex is not locked in the cleanup handler");
    pthread_mutex_unlock(&mutex);
    is_cleaned = 1;
}

static void wait_nanosleep(void) { sleep_ns(1000 * SECOND); }
static void wait_clock(void)
{
    struct timespec until = timespec_of(now(CLOCK_REALTIME) + 1000 * SECOND);
    clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL);
}
static void wait_usleep(void) { usleep(1000000000); }
static void wait_sleep(void) { sleep(1000); }
static void wait_poll(void) { poll(NULL, 0, 1000000); }
static void wait_select(void)
{
    struct timeval length = {.tv_sec = 1000};
    select(0, NULL, NULL, NULL, &length);
}
static void wait_pselect(void)
{
    struct timespec length = {.tv_sec = 1000};
    pselect(0, NULL, NULL, NULL, &length, NULL);
}
static void wait_epoll(void)
{
    struct epoll_event event;
    epoll_wait(epoll_create1(0), &event, 1, 1000000);
}
static void wait_sem(void)
{
    struct timespec until = timespec_of(now(CLOCK_REALTIME) + 1000 * SECOND);
    sem_timedwait(&semaphore, &until);
}
static void wait_sigtimedwait(void)
{
    struct timespec length = {.tv_sec = 1000};
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigtimedwait(&set, NULL, &length);
}

static void *wait_and_clean(void *function)
{
    pthread_cleanup_push(clean, NULL);
    is_waiting = 1;
    (*(void (**)(void))function)();
    has_returned = 1;
    pthread_cleanup_pop(0);
    return NULL;
}

static void cancel(void *(*run)(void *), void *argument)
{
    void *result;
    is_waiting = is_cleaned = has_returned = 0;
    pthread_t thread = start(run, argument);
    while (!is_waiting)
        sleep_ns(MS);
    sleep_ns(20 * MS);
    int64_t since = now(CLOCK_MONOTONIC);
    CHECK(pthread_cancel(thread) == 0);
    CHECK(pthread_join(thread, &result) == 0);
    CHECK_AT_ONCE(CLOCK_MONOTONIC, since);
    CHECK(result == PTHREAD_CANCELED);
    CHECK(is_cleaned && !has_returned);
}

static void cancel_twice(void (*wait)(void))
{
    sem_init(&semaphore, 0, 0);
    for (int i = 0; i < 2; i++) /* the second thread has the number of the first */
        cancel(wait_and_clean, &wait);
    int64_t since = now(CLOCK_MONOTONIC);
    CHECK(sleep_ns(5 * MS) == 0);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 5 * MS);
}

CASE(cancel, nanosleep) { cancel_twice(wait_nanosleep); }
CASE(cancel, clock_nanosleep) { cancel_twice(wait_clock); }
CASE(cancel, usleep) { cancel_twice(wait_usleep); }
CASE(cancel, sleep) { cancel_twice(wait_sleep); }
CASE(cancel, poll) { cancel_twice(wait_poll); }
CASE(cancel, select) { cancel_twice(wait_select); }
CASE(cancel, pselect) { cancel_twice(wait_pselect); }
CASE(cancel, epoll_wait) { cancel_twice(wait_epoll); }
CASE(cancel, sem_timedwait)
{
    cancel_twice(wait_sem);
    CHECK(sem_post(&semaphore) == 0 && sem_trywait(&semaphore) == 0, "the semaphore is whole after its waiters were cancelled");
}
CASE(cancel, sigtimedwait) { cancel_twice(wait_sigtimedwait); }

static void *wait_cond(void *is_timed)
{
    struct timespec until = timespec_of(now(CLOCK_REALTIME) + 1000 * SECOND);
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(clean_locked, NULL);
    is_waiting = 1;
    if (is_timed)
        pthread_cond_timedwait(&cond, &mutex, &until);
    else
        pthread_cond_wait(&cond, &mutex);
    has_returned = 1;
    pthread_cleanup_pop(0);
    return NULL;
}

CASE(cancel, cond_wait_locks_the_mutex)
{
    cancel(wait_cond, NULL);
    CHECK(pthread_cond_destroy(&cond) == 0);
}

CASE(cancel, cond_timedwait_locks_the_mutex)
{
    for (int i = 0; i < 3; i++)
        cancel(wait_cond, &cond);
    CHECK(pthread_mutex_trylock(&mutex) == 0);
    CHECK(pthread_cond_destroy(&cond) == 0, "those who were cancelled wait no more");
}

static void *sleep_shielded(void *nothing)
{
    int state;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    is_waiting = 1;
    int64_t since = now(CLOCK_MONOTONIC);
    CHECK(sleep_ns(100 * MS) == 0);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 100 * MS);
    has_returned = 1;
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state);
    struct timespec zero = {0};
    nanosleep(&zero, NULL); /* a cancellation point, and a cancellation is pending */
    return nothing;
}

CASE(cancel, waits_while_it_is_disabled)
{
    void *result;
    pthread_t thread = start(sleep_shielded, NULL);
    while (!is_waiting)
        sleep_ns(MS);
    sleep_ns(20 * MS);
    pthread_cancel(thread);
    pthread_join(thread, &result);
    CHECK(has_returned && result == PTHREAD_CANCELED);
}
