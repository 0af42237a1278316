/* SPDX-License-Identifier: Apache-2.0
 *
 * libvmrpc-preload: stands in front of the C library's timers and timed waits in a program that knows nothing of VMRPC, and serves those of the
 * real-time CPU's threads from vmrpc-guestd's timers (table.h). What it does not serve goes to the kernel as it came.
 *
 *   session   the table, and the socket to the service; lost and found again
 *   timers    numbers in the table: taken, armed, disarmed, given back
 *   self      the calling thread: its own timer, and what interrupts its wait
 *   signals   every handler of the program is entered through ours: so a wait knows that it was interrupted, and a timer that its signal came
 *   faces     sleep, poll, cond, sem, posix_timer, itimer, timerfd; fds and exec guard what those need
 */
#ifndef PRELOAD_PRELOAD_H
#define PRELOAD_PRELOAD_H

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "cpu.h"
#include "real.h"
#include "table.h"

#define NS_PER_S INT64_C(1000000000)
#define LONGEST_NS (INT64_C(1) << 62) /* 146 years: also a time of CLOCK_REALTIME, now and for long; the sum of two still fits. What is longer is the kernel's to judge */

/* ---- session.c */
/* 1 if the service takes timers of the calling thread now: it runs on the shared CPU, and the service is there. Connects if it must. */
int session_serves(void);
int session_is_lost(void); /* the service is gone: whoever waits goes on with the kernel's timers */
struct table *session_table(void); /* after session_serves */
int session_hand_count(int number, int eventfd); /* 1: the service writes the timer's expirations there; -1: to no descriptor any more */
int session_socket(void); /* or -1 */
pid_t session_pid(void); /* of the process that connected */
void session_check_hangup(void); /* in the handler of SIGURG */
int session_ask_for_slot(uint32_t *slot); /* the region's descriptor, or -1 */

/* ---- timers.c */
int timers_take(void); /* a number, or -1: all are in use */
void timers_give_back(int number);
struct table_timer *timers_line(int number);
int timers_is_taken(int number);
struct arming {
    enum timer_kind kind;
    int64_t deadline_ns, interval_ns;
    int is_realtime;
    uint32_t lead_ns;
    int signal;
    pid_t tid;
    void *value;
};
uint32_t timers_arm(int number, const struct arming *arming); /* the generation */
void timers_disarm(int number); /* also waits until what is just being delivered is over */
void timers_mark_armed(void); /* dirty bits for a service that has just come */
void timers_touch(int number); /* the service looks at it again */
void timers_interrupt_all(void); /* whoever waits looks again */
void timers_forget_all(void); /* in a child */

/* The next expiration after `now_ns` of the timer's clock; 0 if it has none. A series is absolute: no drift. */
int64_t timers_next(int number, int64_t now_ns);
int64_t timers_undelivered(int number); /* the first expiration that the service has not delivered, be it past; 0: none */

/* ---- self.c */
enum outcome { WAIT_EXPIRED, WAIT_INTERRUPTED, WAIT_LOST };

struct self {
    int timer;          /* own timer's number + 1; 0: none yet */
    int is_waiting;     /* a handler that runs now ends a wait */
    int is_interrupted;
    int64_t interrupted_ns; /* CLOCK_MONOTONIC when the first handler began; 0: none did */
    int polled;         /* what the wait polls beside the program's descriptors, + 1; 0: nothing */
    uint32_t own_signals; /* that the program is not to see, so far: what they interrupt goes on */
    uint32_t handlers, handlers_seen; /* of the program that ran in this thread: so far, and when it entered the present wait's face */
    int handler_depth;
    uintptr_t handler_stack; /* what the outermost handler interrupted */
    int is_gone;        /* the thread ends: no timer any more */
    uint32_t generation;
    uint32_t lead_ns;   /* learned: the way from the service's wake to this thread's next line */
    int is_owner;       /* of the vCPU: direct mode */
};
extern __thread struct self self;

/* First in a face that waits: from here a handler ends the wait. */
static inline void self_enter(void)
{
    self.handlers_seen = self.handlers;
    self.interrupted_ns = 0;
}
int self_has_timer(void); /* takes one at the first time */
void self_begin(void);
void self_interrupt(void); /* a handler ran in the wait */
int64_t self_end_ns(clockid_t clock); /* when the wait ended: now, or where a handler began */
void self_arm(enum timer_kind kind, int is_realtime, int64_t deadline_ns);
void self_end(void);
/* Waits for the armed timer, and until `*word` is not `value` if there is a word. A cancellation point. */
enum outcome self_wait(uint32_t *word, uint32_t value, int is_shared_word);
uint32_t self_next_lead(uint32_t lead_ns, int64_t way_ns);
void self_learn(int64_t deadline_ns, clockid_t clock); /* the timer's wake has come: how long was the way? */
enum outcome self_spin(int64_t deadline_ns, clockid_t clock); /* the rest, until the deadline */
enum outcome self_sleep(clockid_t clock, int64_t deadline_ns); /* arm, wait, spin */

/* ---- signals.c */
typedef void signal_taker(const siginfo_t *info);
int signals_take_ours(siginfo_t *info); /* 1 if the signal is one of a timer as the program made it; 0: stale, nobody shall see it */
void signals_install_own(void); /* SIGURG */
int signals_is_handled(int signal); /* the program has a handler: one that may run early and wait for the rest */

int signals_in_handler(void);
int signals_lead(int signal); /* ns: how much earlier a signal may be sent */
void signals_learn(int number, int64_t due_ns); /* its signal has come */

/* ---- faces that a lost session concerns, and what their timers' signals tell */
void posix_timers_to_kernel(void);
void posix_timers_to_service(void);
void posix_timers_forget(void); /* in a child: timers are not inherited */
void posix_timers_accept(int number, siginfo_t *info);
void itimer_to_kernel(void);
void itimer_to_service(void);
void itimer_forget(void);
int itimer_number(void); /* or -1 */
void timerfds_to_kernel(void);
void timerfds_to_service(void);
void timerfds_to_exec(void); /* real ones in place of ours, where they stay open */
void timerfds_expired(int number, int overruns); /* the kernel's timer that stands in has expired */
void timerfds_forget(int fd); /* it was closed */
int timerfds_next(int fd); /* the first of ours from there on, or -1 */
void poll_wake_all(void);
void poll_to_service(void);
void poll_forget(void);

/* ---- fds.c */
int fds_guard(int fd); /* moves a descriptor out of the program's way and refuses to close it; the new number, or -1 */
void fds_release(int fd);

/* ---- direct.c */
int direct_allows(void); /* 0: another thread has the vCPU for itself, this one's timers are the kernel's. May make the thread its owner */
int direct_owns(void);   /* the thread owns the vCPU */
enum outcome direct_sleep(clockid_t clock, int64_t deadline_ns);

/* ---- helpers */
static inline int64_t ns_of(const struct timespec *ts) { return (int64_t)ts->tv_sec * NS_PER_S + ts->tv_nsec; }

static inline struct timespec timespec_of(int64_t ns)
{
    return (struct timespec){.tv_sec = (time_t)(ns / NS_PER_S), .tv_nsec = (long)(ns % NS_PER_S)};
}

/* What the library does for itself is no cancellation point: it would stop half way, in a call of the program's that may be none, or that must
 * lock a mutex first. */
static inline int hold_cancel(void)
{
    int state;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    return state;
}

static inline void release_cancel(int state) { pthread_setcancelstate(state, NULL); }

/* A time that the kernel would take, and not absurdly long. */
static inline int is_plain(const struct timespec *ts)
{
    return ts->tv_sec >= 0 && ts->tv_sec < LONGEST_NS / NS_PER_S && ts->tv_nsec >= 0 && ts->tv_nsec < NS_PER_S;
}

#endif
