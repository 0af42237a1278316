/* SPDX-License-Identifier: Apache-2.0
 *
 * sem_timedwait(3), sem_clockwait(3).
 */
#define _GNU_SOURCE
#include "cases.h"

#include <semaphore.h>
#include <sys/mman.h>

static sem_t semaphore;

static void *post_soon(void *nothing)
{
    sleep_ns(15 * MS);
    sem_post(&semaphore);
    return nothing;
}

static int timed(int64_t ns)
{
    struct timespec until = timespec_of(now(CLOCK_REALTIME) + ns);
    return sem_timedwait(&semaphore, &until);
}

CASE(sem, timeout_on_each_clock)
{
    sem_init(&semaphore, 0, 0);
    for (int i = 0; i < 10; i++) {
        int64_t since = now(CLOCK_REALTIME), length = (i % 4) * 2 * MS + 1;
        struct timespec until = timespec_of(since + length);
        CHECK(sem_timedwait(&semaphore, &until) == -1 && errno == ETIMEDOUT);
        CHECK_WAITED(CLOCK_REALTIME, since, length);
        since = now(CLOCK_MONOTONIC);
        until = timespec_of(since + length);
        CHECK(sem_clockwait(&semaphore, CLOCK_MONOTONIC, &until) == -1 && errno == ETIMEDOUT);
        CHECK_WAITED(CLOCK_MONOTONIC, since, length);
    }
}

CASE(sem, a_post_comes_before_the_timeout)
{
    sem_init(&semaphore, 0, 2);
    CHECK(timed(-SECOND) == 0 && timed(SECOND) == 0, "what is there is taken, whatever the time");
    int64_t since = now(CLOCK_MONOTONIC);
    CHECK(timed(-SECOND) == -1 && errno == ETIMEDOUT);
    CHECK_AT_ONCE(CLOCK_MONOTONIC, since);
    for (int i = 0; i < 5; i++) {
        int value;
        since = now(CLOCK_MONOTONIC);
        pthread_t thread = start(post_soon, NULL);
        CHECK(timed(30 * SECOND) == 0);
        CHECK_WAITED(CLOCK_MONOTONIC, since, 15 * MS);
        pthread_join(thread, NULL);
        CHECK(sem_getvalue(&semaphore, &value) == 0 && value == 0);
    }
    CHECK(sem_destroy(&semaphore) == 0);
}

CASE(sem, a_handler_ends_it)
{
    sem_init(&semaphore, 0, 0);
    for (int i = 0; i < 4; i++) {
        handle(SIGUSR1, i % 2 ? SA_RESTART : 0);
        int64_t since = now(CLOCK_MONOTONIC);
        kick_after(10 * MS, SIGUSR1);
        CHECK(timed(30 * SECOND) == -1 && errno == EINTR, "flags %d", i % 2); /* Linux does not restart a futex with a timeout */
        CHECK_WAITED(CLOCK_MONOTONIC, since, 10 * MS);
    }
    int value;
    CHECK(sem_post(&semaphore) == 0 && sem_getvalue(&semaphore, &value) == 0 && value == 1, "no waiter is left who would take it");
    CHECK(sem_trywait(&semaphore) == 0);
}

static volatile int taken;

static void *take_five(void *is_timed)
{
    for (int i = 0; i < 5; i++) {
        while ((is_timed ? timed(30 * SECOND) : sem_wait(&semaphore)) != 0)
            CHECK(errno == EINTR, "errno %d", errno);
        __atomic_add_fetch(&taken, 1, __ATOMIC_SEQ_CST);
    }
    return NULL;
}

CASE(sem, timed_and_plain_waiters_take_each_post_once)
{
    pthread_t threads[10];
    sem_init(&semaphore, 0, 0);
    for (int i = 0; i < 10; i++)
        threads[i] = start(take_five, i % 2 ? &semaphore : NULL);
    for (int i = 0; i < 50; i++) {
        if (i % 3 == 0)
            sleep_ns(2 * MS);
        sem_post(&semaphore);
    }
    for (int i = 0; i < 10; i++)
        pthread_join(threads[i], NULL);
    int value;
    CHECK(taken == 50 && sem_getvalue(&semaphore, &value) == 0 && value == 0, "taken %d", taken);
}

CASE(sem, shared_between_processes)
{
    sem_t *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    sem_init(shared, 1, 0);
    int64_t since = now(CLOCK_REALTIME);
    pid_t child = fork();
    if (child == 0) {
        sleep_ns(20 * MS);
        sem_post(shared);
        _exit(0);
    }
    struct timespec until = timespec_of(since + 30 * SECOND);
    CHECK(sem_timedwait(shared, &until) == 0);
    CHECK_WAITED(CLOCK_REALTIME, since, 20 * MS);
    CHECK(status_of(child) == 0);
}
