/* SPDX-License-Identifier: Apache-2.0
 *
 * CLOCK_REALTIME is set while it is waited for, clock_settime(2): absolute waits end by the new time, relative ones by the old length. These cases set the
 * machine's clock and put it back; they are for a guest.
 */
#define _GNU_SOURCE
#include "cases.h"

#include <semaphore.h>
#include <sys/timerfd.h>

struct change {
    int64_t after_ns, by_ns;
};

static void move_clock(int64_t by_ns)
{
    struct timespec ts = timespec_of(now(CLOCK_REALTIME) + by_ns);
    CHECK(clock_settime(CLOCK_REALTIME, &ts) == 0, "errno %d", errno);
}

static void *change(void *argument)
{
    struct change *change = argument;
    sleep_ns(change->after_ns);
    move_clock(change->by_ns);
    return NULL;
}

/* `wait` has a deadline in `length_ns` by CLOCK_REALTIME; the clock is moved after 50 ms, and the wait lasts as long as expected. */
static void during(void (*wait)(struct timespec until), int64_t length_ns, int64_t by_ns, int64_t expected_ns)
{
    struct change order = {50 * MS, by_ns};
    int64_t since = now(CLOCK_MONOTONIC), realtime = now(CLOCK_REALTIME) - since;
    pthread_t thread = start(change, &order);
    wait(timespec_of(since + realtime + length_ns));
    CHECK_WAITED(CLOCK_MONOTONIC, since, expected_ns - MS); /* between the two clocks above and the change, a little may pass */
    CHECK(now(CLOCK_REALTIME) >= since + realtime + length_ns, "early by its own clock");
    pthread_join(thread, NULL);
    move_clock(-by_ns);
}

static void both_ways(void (*wait)(struct timespec until))
{
    during(wait, 100 * SECOND, 100 * SECOND, 50 * MS);
    during(wait, 100 * MS, -SECOND / 2, 600 * MS);
}

static void by_sleep(struct timespec until) { CHECK(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL) == 0); }
CASE(clock, absolute_sleep) { both_ways(by_sleep); }

static void by_timer(struct timespec until)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
    struct itimerspec value = {.it_value = until};
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, SIGRTMIN);
    block(SIGRTMIN);
    timer_t timer;
    timer_create(CLOCK_REALTIME, &event, &timer);
    timer_settime(timer, TIMER_ABSTIME, &value, NULL);
    CHECK(sigwaitinfo(&one, NULL) == SIGRTMIN);
    timer_delete(timer);
}
CASE(clock, absolute_timer) { both_ways(by_timer); }

static void by_timerfd(struct timespec until)
{
    struct itimerspec value = {.it_value = until};
    uint64_t count;
    int fd = timerfd_create(CLOCK_REALTIME, 0);
    timerfd_settime(fd, TFD_TIMER_ABSTIME, &value, NULL);
    CHECK(read(fd, &count, sizeof count) == sizeof count);
    close(fd);
}
CASE(clock, absolute_timerfd) { both_ways(by_timerfd); }

static void by_cond(struct timespec until)
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
    pthread_mutex_lock(&mutex);
    while (pthread_cond_timedwait(&cond, &mutex, &until) == 0)
        ;
    pthread_mutex_unlock(&mutex);
}
CASE(clock, cond_timedwait) { both_ways(by_cond); }

static void by_sem(struct timespec until)
{
    sem_t semaphore;
    sem_init(&semaphore, 0, 0);
    CHECK(sem_timedwait(&semaphore, &until) == -1 && errno == ETIMEDOUT, "errno %d", errno);
}
CASE(clock, sem_timedwait) { both_ways(by_sem); }

/* POSIX, clock_settime: no effect on relative waits and relative timers. */
static void relative(int64_t by_ns)
{
    struct change order = {30 * MS, by_ns};
    struct timespec length = timespec_of(150 * MS);
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
    struct itimerspec value = {.it_value = timespec_of(100 * MS)}, left;
    timer_t timer;
    handle(SIGRTMIN, 0);
    hits = 0;
    timer_create(CLOCK_REALTIME, &event, &timer);
    block(SIGRTMIN);
    int64_t since = now(CLOCK_MONOTONIC);
    pthread_t thread = start(change, &order);
    timer_settime(timer, 0, &value, NULL);
    CHECK(clock_nanosleep(CLOCK_REALTIME, 0, &length, NULL) == 0);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 150 * MS);
    pthread_join(thread, NULL);
    unblock(SIGRTMIN);
    CHECK(await_hits(1, 2 * SECOND));
    CHECK(hit_at[0] - since >= 100 * MS);
    value.it_value = timespec_of(10 * SECOND);
    timer_settime(timer, 0, &value, NULL);
    move_clock(-by_ns);
    CHECK(timer_gettime(timer, &left) == 0 && ns_of(left.it_value) <= 10 * SECOND && ns_of(left.it_value) > 5 * SECOND, "left %lld", (long long)ns_of(left.it_value));
    timer_delete(timer);
}

CASE(clock, relative_ones_forward) { relative(100 * SECOND); }
CASE(clock, relative_ones_back) { relative(-100 * SECOND); }
