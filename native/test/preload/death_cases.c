/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-guestd dies in the middle of each kind of wait, and a supervisor starts it again: none ends early or hangs, no expiration of a series is lost, and
 * none learns of it. These need the service; SIGNAL in the environment is how it dies (KILL unless it says TERM).
 */
#define _GNU_SOURCE
#include "cases.h"

#include <poll.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>

#include "service.h"

#define KILL_AFTER (200 * MS)
#define LENGTH (600 * MS)

static sem_t semaphore;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

static int by_nanosleep(void) { return sleep_ns(LENGTH); }

static int by_absolute(void)
{
    struct timespec until = timespec_of(now(CLOCK_MONOTONIC) + LENGTH);
    return clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

static int by_realtime(void)
{
    struct timespec until = timespec_of(now(CLOCK_REALTIME) + LENGTH);
    return clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL);
}

static int by_poll(void) { return poll(NULL, 0, (int)(LENGTH / MS)); }

static int by_select(void)
{
    struct timeval length = timeval_of(LENGTH);
    return select(0, NULL, NULL, NULL, &length);
}

static int by_ppoll_masked(void)
{
    struct timespec length = timespec_of(LENGTH);
    sigset_t all;
    sigfillset(&all);
    return ppoll(NULL, 0, &length, &all);
}

static int by_epoll(void)
{
    struct epoll_event event;
    return epoll_wait(epoll_create1(0), &event, 1, (int)(LENGTH / MS));
}

static int by_cond(void)
{
    struct timespec until = timespec_of(now(CLOCK_REALTIME) + LENGTH);
    int result;
    pthread_mutex_lock(&mutex);
    while ((result = pthread_cond_timedwait(&cond, &mutex, &until)) == 0)
        ;
    pthread_mutex_unlock(&mutex);
    return result == ETIMEDOUT ? 0 : result;
}

static int by_sem(void)
{
    struct timespec until = timespec_of(now(CLOCK_REALTIME) + LENGTH);
    return sem_timedwait(&semaphore, &until) == -1 && errno == ETIMEDOUT ? 0 : errno;
}

static int by_timerfd(void)
{
    struct itimerspec value = {.it_value = timespec_of(LENGTH)};
    uint64_t count = 0;
    int fd = timerfd_create(CLOCK_MONOTONIC, 0);
    timerfd_settime(fd, 0, &value, NULL);
    return read(fd, &count, sizeof count) == sizeof count && count == 1 ? 0 : -1;
}

static int by_sigwait(void)
{
    struct itimerval value = {.it_value = timeval_of(LENGTH)};
    sigset_t set;
    int signal;
    sigfillset(&set); /* as a thread does that takes all signals */
    sigprocmask(SIG_BLOCK, &set, NULL);
    setitimer(ITIMER_REAL, &value, NULL);
    return sigwait(&set, &signal) == 0 && signal == SIGALRM ? 0 : signal;
}

static int by_pause(void)
{
    struct itimerval value = {.it_value = timeval_of(LENGTH)};
    handle(SIGALRM, 0);
    setitimer(ITIMER_REAL, &value, NULL);
    pause();
    return hits == 1 ? 0 : -1;
}

static int by_timer(void)
{
    struct itimerspec value = {.it_value = timespec_of(LENGTH)};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
    sigset_t empty;
    timer_t timer;
    handle(SIGRTMIN, 0);
    block(SIGRTMIN);
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    timer_settime(timer, 0, &value, NULL);
    sigemptyset(&empty);
    sigsuspend(&empty);
    return hits == 1 ? 0 : -1;
}

static int ends[2];
static void *write_late(void *nothing)
{
    int64_t until = now(CLOCK_MONOTONIC) + LENGTH;
    while (now(CLOCK_MONOTONIC) < until)
        sleep_ns(MS);
    return write(ends[1], "x", 1) == 1 ? nothing : NULL;
}

/* An endless wait is not the library's, and not to be disturbed either. */
static int by_endless_poll(void)
{
    struct pollfd one = {.events = POLLIN};
    if (pipe(ends) < 0)
        return -1;
    start(write_late, NULL);
    one.fd = ends[0];
    return poll(&one, 1, -1) == 1 ? 0 : -1;
}

static int by_endless_epoll(void)
{
    struct epoll_event event = {.events = EPOLLIN};
    int epfd = epoll_create1(0);
    if (pipe(ends) < 0 || epoll_ctl(epfd, EPOLL_CTL_ADD, ends[0], &event) < 0)
        return -1;
    start(write_late, NULL);
    return epoll_wait(epfd, &event, 1, -1) == 1 ? 0 : -1;
}

static const struct {
    const char *name;
    int (*wait)(void);
} waits[] = {{"nanosleep", by_nanosleep}, {"absolute", by_absolute}, {"realtime", by_realtime}, {"poll", by_poll}, {"select", by_select},
             {"ppoll", by_ppoll_masked}, {"epoll", by_epoll}, {"cond", by_cond}, {"sem", by_sem}, {"timerfd", by_timerfd}, {"sigwait", by_sigwait},
             {"pause", by_pause}, {"timer", by_timer}, {"endless poll", by_endless_poll}, {"endless epoll", by_endless_epoll}};
#define WAITS (sizeof waits / sizeof *waits)

static void wait_checked(size_t index)
{
    int64_t since = now(CLOCK_MONOTONIC);
    int result = waits[index].wait(), error = errno;
    int64_t waited = now(CLOCK_MONOTONIC) - since;
    CHECK(result == 0, "%s: result %d errno %d after %lld ms", waits[index].name, result, error, (long long)(waited / MS));
    CHECK(waited >= LENGTH, "%s: early by %lld ns", waits[index].name, (long long)(LENGTH - waited));
    CHECK(waited < LENGTH + SECOND, "%s: after %lld ms", waits[index].name, (long long)(waited / MS));
}

/* The service is here again, and serves this process. */
static void check_served(void)
{
    for (int64_t since = now(CLOCK_MONOTONIC); !service_has_me() && now(CLOCK_MONOTONIC) - since < 8 * SECOND;)
        sleep_ns(20 * MS);
    CHECK(service_has_me(), "not connected again");
    int64_t since = now(CLOCK_MONOTONIC);
    CHECK(poll(NULL, 0, 5) == 0 && sleep_ns(5 * MS) == 0);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 10 * MS);
}

static void alone(int is_late_mask)
{
    pid_t children[WAITS];
    sigset_t all;
    sem_init(&semaphore, 0, 0);
    service_await();
    for (size_t i = 0; i < WAITS; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            sigfillset(&all);
            int is_blockable = waits[i].wait != by_pause && waits[i].wait != by_timer;
            if (is_late_mask && is_blockable)
                sigprocmask(SIG_SETMASK, &all, NULL); /* before the library has reason to keep a signal open */
            sleep_ns(MS);
            CHECK(service_has_me(), "%s is not served", waits[i].name);
            wait_checked(i);
            if (!is_late_mask)
                check_served();
            fflush(stdout);
            _exit(case_failures != 0);
        }
    }
    sleep_ns(KILL_AFTER);
    service_kill();
    for (size_t i = 0; i < WAITS; i++)
        CHECK(status_of(children[i]) == 0, "%s", waits[i].name);
}

CASE(death, each_wait_of_a_program_of_one_thread) { alone(0); }
CASE(death, with_all_signals_blocked) { alone(1); }

static void *wait_in_thread(void *index)
{
    wait_checked((size_t)(uintptr_t)index);
    return NULL;
}

CASE(death, each_wait_of_a_thread_among_others)
{
    pthread_t threads[9];
    service_await();
    sem_init(&semaphore, 0, 0);
    sleep_ns(MS);
    for (size_t i = 0; i < 9; i++)
        threads[i] = start(wait_in_thread, (void *)(uintptr_t)i);
    sleep_ns(KILL_AFTER);
    service_kill();
    for (size_t i = 0; i < 9; i++)
        pthread_join(threads[i], NULL);
    check_served();
}
