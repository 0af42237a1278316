/* SPDX-License-Identifier: Apache-2.0
 *
 * What each call answers to lengths that are no lengths: "value" lines, which must be the same by itself and under vmrpc run.
 */
#define _GNU_SOURCE
#include "cases.h"

#include <limits.h>
#include <poll.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/timerfd.h>

/* Endless ones are ended by a signal. */
static const struct timespec times[] = {
    {0, 0}, {0, -1}, {0, 1000000000}, {0, LONG_MAX}, {0, LONG_MIN}, {-1, 0}, {-1, 999999999}, {LONG_MIN, 0}, {LONG_MAX, 0}, {LONG_MAX, 999999999}, {LONG_MAX, 1000000000},
    {4000000000, 0}, {1, 1000000000}, {INT64_C(1) << 33, 5}, {INT64_C(9223372036), 854775807}, {INT64_C(9223372036), 854775808}};
#define TIMES (sizeof times / sizeof *times)

static void value(const char *call, size_t index, long result, int error)
{
    printf("value %s %ld.%ld: %ld errno %d\n", call, (long)times[index].tv_sec, times[index].tv_nsec, result, error);
}

/* An alarm that comes again and again: it ends a wait, however late that begins. */
static void begin_alarms(void)
{
    struct itimerval every = {timeval_of(30 * MS), timeval_of(30 * MS)};
    handle(SIGALRM, 0);
    sleep_ns(1);
    setitimer(ITIMER_REAL, &every, NULL);
}

CASE(value, sleeps)
{
    begin_alarms();
    for (size_t i = 0; i < TIMES; i++) {
        static const clockid_t clocks[] = {CLOCK_MONOTONIC, CLOCK_REALTIME, CLOCK_BOOTTIME, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID, 77};
        errno = 0;
        int result = nanosleep(&times[i], NULL);
        value("nanosleep", i, result, errno);
        for (int k = 0; k < 6; k++) {
            if (k == 3)
                continue; /* waits for time that this process does not spend */
            value("clock_nanosleep", i, clock_nanosleep(clocks[k], 0, &times[i], NULL), k);
            if (k < 3 && times[i].tv_sec != 1)
                value("clock_nanosleep absolute", i, clock_nanosleep(clocks[k], TIMER_ABSTIME, &times[i], NULL), k);
        }
    }
}

CASE(value, polls)
{
    static const int timeouts[] = {0, INT_MAX, INT_MIN, -1};
    struct pollfd none = {.fd = -1};
    struct epoll_event event;
    int epfd = epoll_create1(0);
    begin_alarms();
    for (size_t i = 0; i < TIMES; i++) {
        struct timeval us = {times[i].tv_sec, times[i].tv_nsec};
        errno = 0;
        int result = ppoll(&none, 1, &times[i], NULL);
        value("ppoll", i, result, errno);
        errno = 0;
        result = pselect(0, NULL, NULL, NULL, &times[i], NULL);
        value("pselect", i, result, errno);
        errno = 0;
        result = epoll_pwait2(epfd, &event, 1, &times[i], NULL);
        value("epoll_pwait2", i, result, errno);
        errno = 0;
        result = select(0, NULL, NULL, NULL, &us);
        value("select", i, result, errno);
    }
    for (size_t i = 0; i < 4; i++) {
        errno = 0;
        int result = poll(&none, 1, timeouts[i]);
        printf("value poll %d: %d errno %d\n", timeouts[i], result, errno);
        errno = 0;
        result = epoll_wait(epfd, &event, 1, timeouts[i]);
        printf("value epoll_wait %d: %d errno %d\n", timeouts[i], result, errno);
        errno = 0;
        result = epoll_wait(epfd, &event, (int)i - 2, 0);
        printf("value epoll_wait of %d: %d errno %d\n", (int)i - 2, result, errno);
    }
    struct timeval odd[] = {{0, 1000000}, {0, -1}, {-1, 0}, {1, LONG_MAX}, {0, LONG_MIN}, {-1, 5}};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        struct timeval us = odd[i];
        errno = 0;
        int result = select(0, NULL, NULL, NULL, &us);
        printf("value select %ld.%06ld: %d errno %d\n", (long)odd[i].tv_sec, (long)odd[i].tv_usec, result, errno);
    }
    errno = 0;
    CHECK(poll(NULL, 0, -1) == -1 && errno == EINTR);
}

CASE(value, conditions_and_semaphores)
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
    sem_t semaphore;
    begin_alarms();
    pthread_mutex_lock(&mutex);
    for (size_t i = 0; i < TIMES; i++) {
        int is_endless = times[i].tv_sec > 2000000000 && times[i].tv_nsec >= 0 && times[i].tv_nsec < SECOND;
        if (!is_endless)
            value("cond_timedwait", i, pthread_cond_timedwait(&cond, &mutex, &times[i]), 0);
        for (unsigned count = 0; count < 2; count++) {
            sem_init(&semaphore, 0, count);
            errno = 0;
            int result = sem_timedwait(&semaphore, &times[i]);
            value(count ? "sem_timedwait with one" : "sem_timedwait", i, result, errno);
        }
    }
}

static void show(const char *call, size_t index, long result, int error, const struct itimerspec *left)
{
    printf("value %s %ld.%ld: %ld errno %d, left %d, interval %ld.%ld\n", call, (long)times[index].tv_sec, times[index].tv_nsec, result, error,
           ns_of(left->it_value) != 0, (long)left->it_interval.tv_sec, left->it_interval.tv_nsec);
}

/* Each as value and as interval. Very long ones are not looked at: the kernel cuts them at 292 years. */
static struct itimerspec spec_of(size_t index, int is_interval)
{
    struct timespec hour = {3600, 0};
    return is_interval ? (struct itimerspec){.it_value = hour, .it_interval = times[index]} : (struct itimerspec){.it_value = times[index], .it_interval = hour};
}

static struct itimerspec shown(struct itimerspec left)
{
    if (left.it_interval.tv_sec > 3000000000)
        left.it_interval = (struct timespec){3000000000, 0};
    return left;
}

CASE(value, timers)
{
    static const clockid_t clocks[] = {CLOCK_MONOTONIC, CLOCK_REALTIME};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
    struct itimerspec left;
    timer_t timer;
    signal(SIGRTMIN, SIG_IGN);
    sleep_ns(1);
    for (int k = 0; k < 2; k++) {
        timer_create(clocks[k], &event, &timer);
        for (size_t i = 0; i < 2 * TIMES; i++) {
            struct itimerspec spec = spec_of(i % TIMES, i >= TIMES), none = {0};
            errno = 0;
            int result = timer_settime(timer, 0, &spec, NULL), error = errno;
            timer_gettime(timer, &left);
            left = shown(left);
            show("timer_settime", i % TIMES, result, error, &left);
            timer_settime(timer, 0, &none, NULL);
        }
        printf("value flags: %d", timer_settime(timer, 8, &(struct itimerspec){0}, NULL));
        printf(" null: %d errno %d\n", timer_settime(timer, 0, NULL, NULL), errno);
    }
    errno = 0;
    printf("value timer_create: %d", timer_create(77, &event, &timer));
    event.sigev_signo = 99;
    printf(" %d", timer_create(CLOCK_MONOTONIC, &event, &timer));
    event.sigev_notify = 55;
    printf(" %d errno %d\n", timer_create(CLOCK_MONOTONIC, &event, &timer), errno);
}

CASE(value, timerfds)
{
    struct itimerspec left = {0};
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    for (size_t i = 0; i < 2 * TIMES; i++) {
        struct itimerspec spec = spec_of(i % TIMES, i >= TIMES), none = {0};
        for (int flags = 0; flags < 8; flags++) {
            if ((flags & TFD_TIMER_ABSTIME) && times[i % TIMES].tv_sec >= 0)
                continue;
            errno = 0;
            int result = timerfd_settime(fd, flags, &spec, NULL), error = errno;
            timerfd_gettime(fd, &left);
            left = shown(left);
            show("timerfd_settime", i % TIMES, result, error, &left);
            timerfd_settime(fd, 0, &none, NULL);
        }
    }
    errno = 0;
    printf("value timerfd_create: %d", timerfd_create(77, 0));
    printf(" %d errno %d\n", timerfd_create(CLOCK_MONOTONIC, 1 << 20), errno);
    printf("value timerfd of 0: %d", timerfd_settime(0, 0, &left, NULL));
    printf(" of -1: %d errno %d\n", timerfd_settime(-1, 0, &left, NULL), errno);
}

CASE(value, interval_timers)
{
    signal(SIGALRM, SIG_IGN);
    for (size_t i = 0; i < 2 * TIMES; i++) {
        struct timeval hour = {3600, 0}, odd = {times[i % TIMES].tv_sec, times[i % TIMES].tv_nsec};
        struct itimerval value = i < TIMES ? (struct itimerval){hour, odd} : (struct itimerval){odd, hour}, left, none = {0};
        errno = 0;
        int result = setitimer(ITIMER_REAL, &value, NULL), error = errno;
        getitimer(ITIMER_REAL, &left);
        struct itimerspec as_spec = {{left.it_interval.tv_sec, left.it_interval.tv_usec}, {left.it_value.tv_sec, left.it_value.tv_usec}};
        as_spec = shown(as_spec);
        show("setitimer", i % TIMES, result, error, &as_spec);
        setitimer(ITIMER_REAL, &none, NULL);
    }
    errno = 0;
    struct itimerval any = {{0}, {1, 0}};
    printf("value setitimer of 9: %d errno %d\n", setitimer((__itimer_which_t)9, &any, NULL), errno);
    printf("value alarm: %u", alarm(UINT_MAX));
    printf(" %u\n", alarm(0));
    printf("value ualarm: %u\n", ualarm(1, 0));
    printf("value usleep: %d\n", usleep(0));
}
