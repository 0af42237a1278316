/* SPDX-License-Identifier: Apache-2.0
 *
 * Many at once, and programs that behave badly towards themselves.
 */
#define _GNU_SOURCE
#include "cases.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>

#include "service.h"

#define MOST 4300 /* the table holds 4096 */

static int64_t due_at[MOST];
static volatile int fired[MOST], early, wrong;

static void on_timer(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    int number = info->si_value.sival_int;
    if (number < 0 || number >= MOST || info->si_code != SI_TIMER || info->si_overrun != 0)
        wrong++;
    else if (++fired[number] == 1 && now(CLOCK_MONOTONIC) < due_at[number])
        early++;
    hits++;
}

static void many(int count)
{
    struct sigaction action = {.sa_sigaction = on_timer, .sa_flags = SA_SIGINFO | SA_RESTART};
    struct rlimit limit = {.rlim_cur = 2 * MOST, .rlim_max = 2 * MOST};
    int created = 0, missing = 0;
    setrlimit(RLIMIT_SIGPENDING, &limit); /* the kernel reserves one for each timer; root may raise it */
    sigaction(SIGRTMIN, &action, NULL);
    for (int i = 0; i < count; i++) {
        struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN, .sigev_value.sival_int = i};
        timer_t timer;
        if (timer_create(CLOCK_MONOTONIC, &event, &timer) < 0)
            break;
        int64_t length = 300 * MS + (i * 7919) % count * (MS / 4);
        struct itimerspec value = {.it_value = timespec_of(length)};
        due_at[i] = now(CLOCK_MONOTONIC) + length;
        CHECK(timer_settime(timer, 0, &value, NULL) == 0, "timer %d errno %d", i, errno);
        created++;
    }
    CHECK(created == count, "only %d timers: errno %d", created, errno);
    int64_t until = now(CLOCK_MONOTONIC) + 25 * SECOND;
    while (hits < created && now(CLOCK_MONOTONIC) < until)
        sleep_ns(5 * MS);
    sleep_ns(50 * MS);
    for (int i = 0; i < created; i++)
        missing += fired[i] != 1;
    CHECK(missing == 0 && early == 0 && wrong == 0, "%d did not fire once, %d early, %d wrong, %d signals of %d", missing, early, wrong, hits, created);
}

LONG_CASE(crowd, three_thousand_timers, 50) { many(3000); }
LONG_CASE(crowd, more_timers_than_the_table_holds, 60) { many(MOST); }

CASE(crowd, more_polling_threads_than_the_library_keeps_descriptors_for)
{
    pthread_t threads[400];
    void *poll_often(void *nothing);
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 65536);
    for (int i = 0; i < 400; i++)
        if (pthread_create(&threads[i], &small, poll_often, NULL) != 0)
            abort();
    for (int i = 0; i < 400; i++)
        pthread_join(threads[i], NULL);
}

void *poll_often(void *nothing)
{
    for (int i = 0; i < 2; i++) {
        int64_t since = now(CLOCK_MONOTONIC);
        CHECK(poll(NULL, 0, 20) == 0);
        int64_t waited = now(CLOCK_MONOTONIC) - since;
        CHECK(waited >= 20 * MS, "early by %lld", (long long)(20 * MS - waited));
    }
    return nothing;
}

/* A series of a nanosecond is the program's own harm; a bystander is served. */
CASE(crowd, a_series_of_nanoseconds)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN};
    struct itimerspec every = {{0, 1}, {0, 1}}, none = {0};
    timer_t timer;
    uint64_t count;
    pid_t bystander = fork();
    if (bystander == 0) {
        for (int i = 0; i < 30; i++) {
            int64_t since = now(CLOCK_MONOTONIC);
            CHECK(sleep_ns(10 * MS) == 0);
            CHECK_WAITED(CLOCK_MONOTONIC, since, 10 * MS);
        }
        _exit(case_failures != 0);
    }
    signal(SIGRTMIN, SIG_IGN);
    int fd = timerfd_create(CLOCK_MONOTONIC, 0);
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    timer_settime(timer, 0, &every, NULL);
    int64_t since = now(CLOCK_MONOTONIC);
    timerfd_settime(fd, 0, &every, NULL);
    sleep_ns(50 * MS);
    CHECK(read(fd, &count, sizeof count) == sizeof count);
    int64_t passed = now(CLOCK_MONOTONIC) - since;
    CHECK((int64_t)count <= passed && (int64_t)count > 10 * MS, "%lld of %lld", (long long)count, (long long)passed);
    CHECK(status_of(bystander) == 0);
    timer_settime(timer, 0, &none, NULL);
    timerfd_settime(fd, 0, &none, NULL);
    CHECK(sleep_ns(5 * MS) == 0);
}

static sigjmp_buf back;
static void jump(int signal)
{
    (void)signal;
    siglongjmp(back, 1);
}

enum { SLEEP, POLL, COND };

static void wait_long(int kind)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
    struct timespec until = timespec_of(now(CLOCK_REALTIME) + 1000 * SECOND);
    if (kind == SLEEP)
        sleep_ns(1000 * SECOND);
    if (kind == POLL)
        poll(NULL, 0, 1000000);
    if (kind == COND) {
        pthread_mutex_lock(&mutex);
        pthread_cond_timedwait(&cond, &mutex, &until);
    }
    CHECK(0, "returned");
}

static void jump_out(int kind)
{
    struct itimerval soon = {.it_value = timeval_of(MS)}, none = {0};
    volatile int count = 0;
    signal(SIGALRM, jump);
    sleep_ns(1);
    for (count = 0; count < 1000; count++) {
        if (sigsetjmp(back, 1) == 0) {
            setitimer(ITIMER_REAL, &soon, NULL);
            wait_long(kind);
        }
        if (count % 100 == 0) {
            signal(SIGALRM, SIG_IGN);
            setitimer(ITIMER_REAL, &none, NULL);
            int64_t since = now(CLOCK_MONOTONIC);
            CHECK(sleep_ns(2 * MS) == 0 && poll(NULL, 0, 2) == 0);
            CHECK_WAITED(CLOCK_MONOTONIC, since, 4 * MS);
            signal(SIGALRM, jump);
        }
    }
    CHECK(count == 1000);
}

LONG_CASE(crowd, a_thousand_jumps_out_of_a_sleep, 40) { jump_out(SLEEP); }
LONG_CASE(crowd, a_thousand_jumps_out_of_a_poll, 40) { jump_out(POLL); }
LONG_CASE(crowd, a_thousand_jumps_out_of_a_condition, 40) { jump_out(COND); }

static void close_loop(void)
{
    for (int fd = 3; fd < 1024; fd++)
        close(fd);
}
static void close_from(void) { closefrom(3); }
static void close_a_range(void) { close_range(3, ~0u, 0); }
static void close_past_the_library(void) { syscall(SYS_close_range, 3u, ~0u, 0u); }
static void close_by_listing(void)
{
    DIR *folder = opendir("/proc/self/fd");
    for (struct dirent *each; folder && (each = readdir(folder));)
        if (atoi(each->d_name) > 2 && atoi(each->d_name) != dirfd(folder))
            close(atoi(each->d_name));
    closedir(folder);
}

static void *sleep_on(void *nothing)
{
    int64_t since = now(CLOCK_MONOTONIC);
    CHECK(sleep_ns(150 * MS) == 0);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 150 * MS);
    since = now(CLOCK_MONOTONIC);
    CHECK(poll(NULL, 0, 20) == 0);
    CHECK_WAITED(CLOCK_MONOTONIC, since, 20 * MS);
    return nothing;
}

static void goes_on_after(void (*close_all)(void), int is_kept)
{
    handle(SIGALRM, SA_RESTART);
    CHECK(sleep_ns(MS) == 0 && poll(NULL, 0, 2) == 0);
    int was_served = service_has_me();
    pthread_t other = start(sleep_on, NULL);
    sleep_ns(50 * MS);
    close_all();
    CHECK(!was_served || !is_kept || service_has_me(), "the library lost its descriptors");
    int fd = open("/dev/null", O_RDONLY);
    CHECK(fd == 3, "%d: the program's own numbers are free again", fd);
    for (int i = 0; i < 5; i++) {
        int64_t since = now(CLOCK_MONOTONIC);
        CHECK(sleep_ns(5 * MS) == 0 && poll(NULL, 0, 5) == 0);
        CHECK_WAITED(CLOCK_MONOTONIC, since, 10 * MS);
    }
    struct itimerval soon = {.it_value = timeval_of(5 * MS)};
    setitimer(ITIMER_REAL, &soon, NULL);
    CHECK(await_hits(1, 5 * SECOND));
    CHECK(fcntl(fd, F_GETFD) >= 0);
    pthread_join(other, NULL);
}

CASE(crowd, closes_each_descriptor) { goes_on_after(close_loop, 1); }
CASE(crowd, closefrom) { goes_on_after(close_from, 1); }
CASE(crowd, close_range) { goes_on_after(close_a_range, 1); }
CASE(crowd, closes_what_proc_lists) { goes_on_after(close_by_listing, 1); }
CASE(crowd, closes_past_the_library) { goes_on_after(close_past_the_library, 0); }
