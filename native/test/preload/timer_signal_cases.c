/* SPDX-License-Identifier: Apache-2.0
 *
 * Signals of POSIX timers: to a thread of choice, pending, queued, ignored, of a timer that is set in the handler or gone.
 */
#define _GNU_SOURCE
#include "timers.h"

#include <sys/resource.h>
#include <sys/syscall.h>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

static volatile pid_t tid;
static pthread_t directed_thread;
static volatile int directed_is_blocked;

static void *take_directed(void *nothing)
{
    struct timespec limit = {.tv_sec = 5};
    sigset_t one = only(SIGRTMIN);
    siginfo_t info;
    block(SIGRTMIN);
    directed_thread = pthread_self();
    tid = (pid_t)syscall(SYS_gettid);
    sleep_ns(105 * MS); /* ten expirations: one signal */
    CHECK(sigtimedwait(&one, &info, &limit) == SIGRTMIN);
    CHECK(info.si_overrun >= 5, "overruns %d", info.si_overrun);
    directed_is_blocked = 1;
    struct timespec none = {0};
    int more = 0;
    while (sigtimedwait(&one, &info, &none) == SIGRTMIN && more < 100)
        more++;
    CHECK(more <= 1, "%d more signals are queued", more);
    return nothing;
}

CASE(timer, a_thread_of_choice_gets_it)
{
    block(SIGRTMIN);
    pthread_t thread = start(take_directed, NULL);
    while (!tid)
        sleep_ns(MS);
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN};
    event.sigev_notify_thread_id = tid;
    timer_t timer;
    CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
    set(timer, 0, 10 * MS, 10 * MS, NULL);
    while (!directed_is_blocked)
        sleep_ns(5 * MS);
    set(timer, 0, 0, 0, NULL);
    pthread_join(thread, NULL);
    sigset_t pending;
    sigpending(&pending);
    CHECK(!sigismember(&pending, SIGRTMIN), "it was sent to the process");
    CHECK(set(timer, 0, 2 * MS, 0, NULL) == 0, "a timer of a thread that ended expires for nobody");
    CHECK(sleep_ns(10 * MS) == 0);
}

static void *sleep_until_hit(void *nothing)
{
    struct timespec length = {.tv_sec = 10};
    unblock(SIGRTMIN);
    tid = (pid_t)syscall(SYS_gettid);
    CHECK(nanosleep(&length, NULL) == -1 && errno == EINTR);
    return nothing;
}

CASE(timer, it_interrupts_the_thread_of_choice)
{
    handle(SIGRTMIN, SA_RESTART);
    block(SIGRTMIN);
    pthread_t thread = start(sleep_until_hit, NULL);
    while (!tid)
        sleep_ns(MS);
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN};
    event.sigev_notify_thread_id = tid;
    timer_t timer;
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    set(timer, 0, 20 * MS, 0, NULL);
    pthread_join(thread, NULL);
    CHECK(hits == 1 && pthread_equal(hit_thread, thread));
}

CASE(timer, two_with_one_plain_signal)
{
    sigset_t one = only(SIGUSR1);
    struct timespec limit = {.tv_sec = 2};
    siginfo_t info;
    int sum = 0;
    block(SIGUSR1);
    for (int i = 1; i <= 3; i++)
        set(create(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 1 << i), 0, 5 * MS, 0, NULL);
    sleep_ns(30 * MS);
    for (int i = 0; i < 3 && sigtimedwait(&one, &info, &limit) == SIGUSR1; i++)
        sum += info.si_value.sival_int;
    CHECK(sum == 2 + 4 + 8, "%d: each timer's own signal comes, though the number is pending already", sum);
}

CASE(timer, expirations_survive_a_full_signal_queue)
{
    enum { COUNT = 40 };
    sigset_t one = only(SIGRTMIN);
    struct timespec limit = {.tv_sec = 3};
    siginfo_t info;
    int seen[COUNT] = {0}, count = 0;
    block(SIGRTMIN);
    timer_t timers[COUNT];
    for (int i = 0; i < COUNT; i++)
        timers[i] = create(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGRTMIN, i);
    struct rlimit before, few = {.rlim_cur = COUNT + 3, .rlim_max = COUNT + 3};
    getrlimit(RLIMIT_SIGPENDING, &before);
    few.rlim_max = before.rlim_max;
    setrlimit(RLIMIT_SIGPENDING, &few);
    for (int i = 0; i < COUNT; i++)
        set(timers[i], 0, 5 * MS + i * MS / 10, 0, NULL);
    sleep_ns(50 * MS);
    for (; count < COUNT && sigtimedwait(&one, &info, &limit) == SIGRTMIN; count++)
        seen[info.si_value.sival_int]++;
    CHECK(count == COUNT, "%d of %d: the kernel reserves each timer's signal", count, COUNT);
    for (int i = 0; i < COUNT; i++)
        CHECK(seen[i] <= 1);
}

static timer_t rearmed;
static volatile int64_t rearmed_at;
static volatile int rearmed_early;

static void rearm(int signal)
{
    (void)signal;
    if (now(CLOCK_MONOTONIC) - rearmed_at < 2 * MS)
        rearmed_early++;
    rearmed_at = now(CLOCK_MONOTONIC);
    if (++hits < 30)
        set(rearmed, 0, 2 * MS, 0, NULL);
}

CASE(timer, armed_again_in_its_handler)
{
    signal(SIGRTMIN, rearm);
    rearmed = create(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGRTMIN, 0);
    rearmed_at = now(CLOCK_MONOTONIC);
    set(rearmed, 0, 2 * MS, 0, NULL);
    CHECK(await_hits(30, 10 * SECOND));
    CHECK(rearmed_early == 0);
    sleep_ns(10 * MS);
    CHECK(hits == 30);
}

CASE(timer, deleted_while_its_signal_is_pending)
{
    handle(SIGRTMIN, 0);
    block(SIGRTMIN);
    timer_t timer = create(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGRTMIN, 1);
    set(timer, 0, MS, 0, NULL);
    sleep_ns(10 * MS);
    CHECK(timer_delete(timer) == 0);
    unblock(SIGRTMIN);
    CHECK(hits <= 1, "unspecified whether it comes: timer_delete(2)");
    CHECK(hits == 0 || hit_info.si_overrun == 0, "overruns %d", hit_info.si_overrun);
    timer = create(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGRTMIN, 2); /* may have the same id and number */
    hits = 0;
    set(timer, 0, 3 * MS, 0, NULL);
    CHECK(await_hits(1, 5 * SECOND));
    sleep_ns(5 * MS);
    CHECK(hits == 1 && hit_info.si_value.sival_int == 2);
}

CASE(timer, ignored_signals_do_no_harm)
{
    signal(SIGRTMIN, SIG_IGN);
    timer_t timer = create(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGRTMIN, 0);
    set(timer, 0, 2 * MS, 2 * MS, NULL);
    CHECK(sleep_ns(30 * MS) == 0);
    handle(SIGRTMIN, 0);
    CHECK(await_hits(3, 5 * SECOND), "the series goes on when there is a handler");
}
