/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "run_time.h"

#define MS 1000000LL
#define TICK (50 * MS)
#define WINDOW (1000 * MS)
#define SAMPLES (WINDOW / TICK + 1)
#define JITTER (5 * MS) /* of the guard's own wake-ups */
#define SHORTEST (50 * MS)
#define MASK_BYTES 1024

struct scheduling {
    int policy;
    struct sched_param param;
};

struct watch {
    pid_t parent;
    int tid;
    long long budget; /* of each window */
    struct run_time run_time;
    struct scheduling former, given;
    struct sample samples[SAMPLES];
    size_t count;
    long long demoted_until; /* 0: it is not demoted */
    unsigned long demotions;
};

static int get_scheduling(int tid, struct scheduling *scheduling)
{
    scheduling->policy = (int)syscall(SYS_sched_getscheduler, tid);
    return scheduling->policy < 0 || syscall(SYS_sched_getparam, tid, &scheduling->param) != 0 ? -1 : 0;
}

static int set_scheduling(int tid, const struct scheduling *scheduling)
{
    return syscall(SYS_sched_setscheduler, tid, scheduling->policy, &scheduling->param) != 0 ? -1 : 0;
}

static int policy_of(const struct scheduling *scheduling)
{
    return scheduling->policy & ~SCHED_RESET_ON_FORK;
}

/* Off the thread's CPUs, where there are others that we may use: there the guard is on time whatever its priority is. */
static void leave_cpus_of(int tid)
{
    unsigned char ours[MASK_BYTES] = {0}, its[MASK_BYTES] = {0};
    int others = 0;
    if (syscall(SYS_sched_getaffinity, 0, sizeof ours, ours) < 0 || syscall(SYS_sched_getaffinity, tid, sizeof its, its) < 0)
        return;
    for (size_t i = 0; i < MASK_BYTES; i++) {
        ours[i] = (unsigned char)(ours[i] & ~its[i]);
        others |= ours[i];
    }
    if (others)
        syscall(SYS_sched_setaffinity, 0, sizeof ours, ours);
}

/* The thread may be given other scheduling by anybody at any time: what is given back is what was found. */
static void demote(struct watch *watch, long long now, long long ran)
{
    struct scheduling found;
    if (get_scheduling(watch->tid, &found) != 0 || (policy_of(&found) != SCHED_FIFO && policy_of(&found) != SCHED_RR))
        return;
    /* SCHED_IDLE, not SCHED_OTHER: else it would share with ordinary threads what is meant for them */
    const struct scheduling idle = {.policy = SCHED_IDLE | (found.policy & SCHED_RESET_ON_FORK)};
    leave_cpus_of(watch->tid); /* its CPUs may have changed since the last time */
    if (set_scheduling(watch->tid, &idle) != 0)
        return;
    long long rest = WINDOW - watch->budget;
    watch->given = found;
    watch->demoted_until = now + (rest > SHORTEST ? rest : SHORTEST);
    dprintf(STDOUT_FILENO, "demoted %lu %lld\n", ++watch->demotions, ran / MS);
}

static void promote(struct watch *watch)
{
    struct scheduling found;
    if (get_scheduling(watch->tid, &found) == 0 && policy_of(&found) == SCHED_IDLE && set_scheduling(watch->tid, &watch->given) != 0)
        return; /* again at the next tick */
    watch->demoted_until = 0;
    watch->count = 0;
}

/* How long the thread certainly ran in the window that ends with this sample, which is kept. */
static long long ran_until(struct watch *watch, const struct sample *now)
{
    while (watch->count && (now->at - watch->samples[0].at > WINDOW + JITTER || watch->count == SAMPLES))
        memmove(watch->samples, watch->samples + 1, --watch->count * sizeof *watch->samples);
    watch->samples[watch->count++] = *now;
    return now->ran - watch->samples[0].ran - watch->samples[0].uncertain;
}

static void tick(struct watch *watch)
{
    struct sample now;
    if (watch->demoted_until) {
        if (monotonic_ns() < watch->demoted_until - JITTER)
            return;
        promote(watch);
    }
    if (sample(&watch->run_time, watch->count ? &watch->samples[watch->count - 1] : NULL, &now) != 0) {
        while (getppid() == watch->parent)
            pause(); /* the thread has ended; our parent waits for its own end */
        _exit(0);
    }
    long long ran = ran_until(watch, &now);
    if (ran >= watch->budget - JITTER)
        demote(watch, now.at, ran);
}

static void run(struct watch *watch)
{
    for (long long next = monotonic_ns();;) {
        next = next + 2 * TICK < monotonic_ns() ? monotonic_ns() + TICK : next + TICK;
        const struct timespec until = {.tv_sec = next / 1000000000, .tv_nsec = next % 1000000000};
        while (getppid() == watch->parent && clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
            ;
        if (getppid() != watch->parent) { /* killed: without it nobody would undo anything, so the thread is not left as it is */
            set_scheduling(watch->tid, &watch->former);
            _exit(0);
        }
        tick(watch);
    }
}

static void on_parents_death(int signal)
{
    (void)signal; /* ends the sleep */
}

static const char *prepare(struct watch *watch, int thread)
{
    const struct scheduling highest = {.policy = SCHED_FIFO, .param.sched_priority = sched_get_priority_max(SCHED_FIFO)};
    struct sigaction action = {.sa_handler = on_parents_death};
    sigaction(SIGUSR1, &action, NULL);
    prctl(PR_SET_PDEATHSIG, SIGUSR1);
    fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK); /* whoever reads there must not hold the guard up */
    mlockall(MCL_CURRENT | MCL_FUTURE);        /* without the privilege a page fault may delay it, not more */
    leave_cpus_of(watch->tid);
    if (run_time_open(&watch->run_time, thread) != 0)
        return "open status";
    if (get_scheduling(watch->tid, &watch->former) != 0)
        return "sched_getscheduler";
    close(thread); /* its lock is our parent's */
    return set_scheduling(0, &highest) != 0 ? "sched_setscheduler(SCHED_FIFO)" : NULL;
}

int guard_start(struct guard *guard, int thread, int tid, int share)
{
    struct watch watch = {.parent = getpid(), .tid = tid, .budget = WINDOW / 100 * share};
    int alive[2];
    char ready;
    if (pipe2(alive, O_CLOEXEC) != 0 || (guard->pid = fork()) < 0) {
        fprintf(stderr, "the guard cannot start: %s\n", strerror(errno));
        return -1;
    }
    if (guard->pid == 0) {
        close(STDIN_FILENO);
        close(alive[0]);
        const char *failed = prepare(&watch, thread);
        if (failed) {
            fprintf(stderr, "%s of the guard failed with %s\n", failed, strerror(errno));
            _exit(1);
        }
        if (write(alive[1], "", 1) == 1)
            run(&watch);
        _exit(1);
    }
    close(alive[1]);
    guard->alive = alive[0];
    return read(guard->alive, &ready, 1) == 1 ? 0 : -1;
}

void guard_stop(struct guard *guard)
{
    if (guard->pid > 0) {
        kill(guard->pid, SIGKILL);
        waitpid(guard->pid, NULL, 0);
        guard->pid = 0;
    }
}
