/* SPDX-License-Identifier: Apache-2.0
 *
 * A timer has expired: a thread is woken, a signal sent, or an eventfd written. On the idler's thread, which whom it wakes preempts at once.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "guestd.h"

#define LOAD(p) __atomic_load_n(p, __ATOMIC_RELAXED)

/* Is a signal of ours still pending, for lack of a handler that could say that it came? proc(5): SigPnd and ShdPnd of status. */
static int is_pending(pid_t pid, pid_t tid, int signal)
{
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/%d/task/%d/status", (int)pid, (int)(tid ? tid : pid));
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    ssize_t got = read(fd, text, sizeof text - 1);
    close(fd);
    text[got > 0 ? got : 0] = 0;
    unsigned long long pending = 0;
    for (const char *at = text; (at = strstr(at, "Pnd:\t")); at += 5)
        pending |= strtoull(at + 5, NULL, 16);
    return pending >> (signal - 1) & 1;
}

/* A plain signal that is pending is queued no second time, but the kernel keeps one for each timer. So another timer's has to wait. */
static int must_wait(struct member *member, const struct timer_entry *entry, pid_t tid, int signal)
{
    if (signal >= PLAIN_SIGNALS)
        return 0;
    uint16_t *last = &member->last_sender[signal], own = (uint16_t)(entry->number + 1);
    if (*last && *last != own && is_pending(member->pid, tid, signal))
        return 1;
    *last = own;
    return 0;
}

/* As the kernel does it: while a timer's signal is pending no second one is sent, and the expirations count as overruns. 0: it cannot be queued now;
 * the kernel has reserved room for each of its own. */
static int send_signal(struct member *member, struct timer_entry *entry, struct table_timer *line, uint64_t before)
{
    int signal = LOAD(&line->signal);
    pid_t tid = LOAD(&line->tid);
    if (signal < 1 || signal >= _NSIG)
        return 1;
    if (before && LOAD(&line->accepted) != (uint32_t)before && is_pending(member->pid, tid, signal))
        return 1;
    if (must_wait(member, entry, tid, signal))
        return 0;
    siginfo_t info = {.si_signo = signal, .si_code = SI_TIMER};
    info.si_timerid = SIGNAL_TIMER_ID | entry->number;
    info.si_overrun = (int)entry->generation;
    info.si_value.sival_ptr = (void *)(uintptr_t)LOAD(&line->value);
    long result;
    if (tid)
        result = syscall(SYS_rt_tgsigqueueinfo, member->pid, tid, signal, &info);
    else
        result = syscall(SYS_pidfd_send_signal, member->pidfd, signal, &info, 0u); /* the number of a process that ended may be another's */
    return result == 0 || errno != EAGAIN;
}

static void wake(struct table_timer *line, uint32_t generation)
{
    __atomic_store_n(&line->fired, generation, __ATOMIC_RELEASE);
    syscall(SYS_futex, &line->fired, FUTEX_WAKE, 1, NULL, NULL, 0);
}

/* A write waits only where the program has filled its eventfd, until the watch nudges us (EINTR): once, then the timer has none any more. */
static void count_up(struct member *member, struct timer_entry *entry, uint64_t count)
{
    int fd = entry->count_fd - 1;
    if (fd < 0 || write(fd, &count, sizeof count) >= 0 || errno == EAGAIN)
        return;
    if (errno == EINTR) {
        close(fd);
        entry->count_fd = 0;
    } else
        fprintf(stderr, "vmrpc-guestd: process %d: write to a timer's eventfd failed: %s\n", (int)member->pid, strerror(errno));
}

/* A count must not come after its timer was disarmed. So the thread that it wakes does not run before we are done: it would otherwise preempt us in the middle
 * of the write, arm the timer anew, and have to wait until we get the CPU back. */
static void count_strictly(struct member *member, struct timer_entry *entry, struct table_timer *line, uint64_t count)
{
    idler_step_up();
    /* Full fence: partner of the one between the program's change of `armed` and its look at `delivering`. */
    __atomic_store_n(&line->delivering, entry->generation, __ATOMIC_SEQ_CST);
    if (LOAD(&line->armed) == entry->generation)
        count_up(member, entry, count);
    __atomic_store_n(&line->delivering, 0, __ATOMIC_RELEASE);
    idler_step_down();
}

void deliver_end(struct member *member, struct timer_entry *entry, struct table_timer *line)
{
    uint32_t kind = LOAD(&line->kind);
    if (kind == TIMER_POLL)
        count_up(member, entry, 1);
    if (kind == TIMER_WAKE || kind == TIMER_EVENT)
        wake(line, TIMER_INTERRUPTED);
}

int deliver(struct member *member, struct timer_entry *entry, struct table_timer *line, uint64_t count)
{
    uint32_t kind = LOAD(&line->kind);
    if (kind == TIMER_WAKE || kind == TIMER_EVENT) {
        wake(line, entry->generation);
        return 1;
    }
    uint64_t before = LOAD(&line->expirations);
    __atomic_store_n(&line->expirations, before + count, __ATOMIC_RELEASE);
    switch (kind) {
    case TIMER_SIGNAL:
        if (!send_signal(member, entry, line, before)) { /* one that comes late carries its generation */
            __atomic_store_n(&line->expirations, before, __ATOMIC_RELEASE);
            return 0;
        }
        break;
    case TIMER_POLL:
        count_up(member, entry, count);
        break;
    default:
        count_strictly(member, entry, line, count);
        break;
    }
    return 1;
}
