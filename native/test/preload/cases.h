/* SPDX-License-Identifier: Apache-2.0
 *
 * Named cases of what timers and timed waits promise: each is a clause of POSIX or of a Linux manual page. The program knows nothing of VMRPC and passes
 * everywhere; system tests run it in a guest, plainly and under vmrpc run. main.c runs each case in a process of its own, under a watchdog.
 */
#ifndef PRELOAD_CASES_H
#define PRELOAD_CASES_H

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MS INT64_C(1000000)
#define SECOND INT64_C(1000000000)
/* "At once" and "in time" are told from stuck: no speed is asserted. */
#define AT_ONCE (2 * SECOND)

void case_add(const char *name, void (*run)(void), int seconds);
void case_failed(const char *file, int line, const char *condition, const char *format, ...) __attribute__((format(printf, 4, 5)));
extern int case_failures;

/* CASE(sleep, relative) { ... }; the watchdog lets it run for 20 s, that of a LONG_CASE for as long as it says */
#define LONG_CASE(group, name, seconds)                                                               \
    static void case_##group##_##name(void);                                                          \
    __attribute__((constructor)) static void add_##group##_##name(void) { case_add(#group "." #name, case_##group##_##name, seconds); } \
    static void case_##group##_##name(void)
#define CASE(group, name) LONG_CASE(group, name, 20)

/* Goes on if it does not hold. */
#define CHECK(condition, ...)                                           \
    do {                                                                \
        if (!(condition))                                               \
            case_failed(__FILE__, __LINE__, #condition, " " __VA_ARGS__); \
    } while (0)

/* `since` is the moment before the call, by the clock of the wait. */
#define CHECK_WAITED(clock, since, length_ns)                                                                            \
    do {                                                                                                                 \
        int64_t waited_ = now(clock) - (since);                                                                          \
        CHECK(waited_ >= (length_ns), "early by %lld ns", (long long)((length_ns) - waited_));                           \
        CHECK(waited_ < (length_ns) + AT_ONCE, "after %lld ms", (long long)(waited_ / MS));                              \
    } while (0)
#define CHECK_AT_ONCE(clock, since) CHECK(now(clock) - (since) < AT_ONCE, "after %lld ms", (long long)((now(clock) - (since)) / MS))

static inline int64_t ns_of(struct timespec ts) { return (int64_t)ts.tv_sec * SECOND + ts.tv_nsec; }
static inline struct timespec timespec_of(int64_t ns) { return (struct timespec){.tv_sec = (time_t)(ns / SECOND), .tv_nsec = (long)(ns % SECOND)}; }
static inline struct timeval timeval_of(int64_t ns) { return (struct timeval){.tv_sec = ns / SECOND, .tv_usec = ns % SECOND / 1000}; }
static inline int64_t now(clockid_t clock)
{
    struct timespec ts;
    clock_gettime(clock, &ts);
    return ns_of(ts);
}
static inline int sleep_ns(int64_t ns)
{
    struct timespec ts = timespec_of(ns);
    return nanosleep(&ts, NULL);
}

/* What handlers saw. */
#define MOST_HITS 10000
extern volatile int hits;
extern volatile int64_t hit_at[MOST_HITS]; /* CLOCK_MONOTONIC */
extern siginfo_t hit_info;
extern pthread_t hit_thread;
void handle(int signal, int flags); /* installs a handler that counts */
void block(int signal);
void unblock(int signal);
int await_hits(int count, int64_t limit_ns); /* by sigsuspend-like short waits; 0 if they did not come */

pthread_t start(void *(*run)(void *), void *argument);
void kick_after(int64_t ns, int signal); /* a thread sends the signal to the caller's thread */
int status_of(pid_t child);               /* waits for it: exit status, or 128 + signal */

#endif
