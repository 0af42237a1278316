/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-guestd: owns the slot of one real-time vCPU for all programs of that guest CPU. Two threads:
 *
 *   service   on the other CPUs: accepts programs, keeps their descriptors, and watches that no timer waits for a CPU that is busy
 *   idler     SCHED_IDLE on the real-time CPU: serves the tables, and parks the vCPU while nothing else is runnable there
 */
#ifndef GUESTD_GUESTD_H
#define GUESTD_GUESTD_H

#include <sys/types.h>

#include "heap.h"
#include "park.h"
#include "table.h"

#define MEMBERS 1024
#define COUNT_NONE (-1)
#define PLAIN_SIGNALS 32 /* the numbers below this are queued once */
#define HIGHEST 99 /* SCHED_FIFO */

/* Who owns a member's struct: the service while FREE or DEAD, the idler while JOINED or LEAVING. */
enum member_state { MEMBER_FREE = 0, MEMBER_JOINED, MEMBER_LEAVING, MEMBER_DEAD };

struct timer_entry {
    struct entry entry; /* first: the heap's entries are these */
    int64_t due_ns; /* of its next expiration, less the lead; the heap's at_ns may be later */
    uint32_t generation;
    uint32_t is_event_waiter, event;
    uint16_t member, number;
    int count_fd; /* its eventfd + 1; 0: none. The idler's */
    int new_fd;   /* what count_fd becomes, by an exchange; 0: nothing new, COUNT_NONE: no eventfd any more */
};

/* A program, from hello until its socket closes. */
struct member {
    uint32_t state; /* enum member_state; release/acquire */
    int socket, pidfd;
    pid_t pid;
    uid_t uid;
    uint32_t has_new_fds;
    uint16_t last_sender[PLAIN_SIGNALS]; /* number + 1 of the timer that sent each signal last. The idler's */
    struct table *table;
    struct timer_entry *timers; /* TABLE_TIMERS, private: what the service relies on */
};

struct guestd {
    int cpu;
    int region_fd;
    struct region region;
    struct vcpu vcpu;
    struct member members[MEMBERS];
    uint32_t members_end; /* those from here on are FREE */
    pid_t idler_tid;

    /* written by the idler, for the service's watch */
    uint32_t turns;
    int64_t next_ns; /* guest CLOCK_MONOTONIC of the next timer, INT64_MAX: none */
    uint32_t is_suspended;

    /* written by the service */
    uint32_t is_lent, is_stopping, clock_was_set;

    /* the idler's own */
    struct heap heap;
    uint32_t event;         /* the slot's counter that the next park expects; read before the tables (G1) */
    uint32_t event_waiters; /* timers of kind EVENT in the heap */
    uint64_t wakes, parks, aborts;

    /* the service's own */
    uint64_t boosts;
};

/* vcpu.c: finds device, CPU and slot. Exits with one sentence if something is missing. */
void vcpu_find(struct guestd *guestd, int cpu);
void vcpu_own(struct guestd *guestd); /* on the idler's thread, pinned: which slot is it, and what is the host's time? */
__attribute__((noreturn, format(printf, 1, 2))) void die(const char *format, ...);

/* deliver.c, on the idler's thread: tells whom the timer is for of so many expirations; 0: not possible now */
int deliver(struct member *member, struct timer_entry *entry, struct table_timer *line, uint64_t count);
void deliver_end(struct member *member, struct timer_entry *entry, struct table_timer *line); /* nobody serves it any more */

/* idler.c */
void *idler_run(void *guestd);
void idler_step_up(void);   /* nobody on this CPU runs before us */
void idler_step_down(void); /* everybody does */
void idler_nudge(struct guestd *guestd); /* ends its park, from any thread */

/* serve.c, on the idler's thread */
void serve_changes(struct guestd *guestd); /* joins, leaves, dirty timers */
int serve_has_changes(const struct guestd *guestd);
void serve_due(struct guestd *guestd);
int64_t serve_publish_next(struct guestd *guestd); /* the next timer, also for the watch */
void serve_event(struct guestd *guestd); /* wakes who waits for another event counter than guestd->event */

/* members.c, on the service's thread */
enum guestd_status member_join(struct guestd *guestd, struct member *member, int fd); /* with the table's memfd */
enum guestd_status member_count(struct guestd *guestd, struct member *member, uint32_t number, int fd); /* with a timer's eventfd, or -1 */
void member_leave(struct guestd *guestd, struct member *member);
struct member *members_free(struct guestd *guestd); /* a place for one more, or NULL */
void members_collect(struct guestd *guestd); /* what the idler has let go of */

/* watch.c, on the service's thread */
struct watch {
    uint32_t turns_seen;
    int was_waiting;
    int64_t raised_ns; /* when the idler last had to be raised */
};
int watch_ms(const struct watch *watch, const struct guestd *guestd); /* how long until the next look */
void watch_look(struct watch *watch, struct guestd *guestd);

/* service.c: returns when a signal asks for the end. */
void service_run(struct guestd *guestd, const char *path, const char *group, int ready_fd);

#endif
