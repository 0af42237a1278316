/* SPDX-License-Identifier: MIT
 *
 * A thread per slot that turns moves of the slot's two words into a call: for a vCPU that waits inside KVM_RUN, where no futex
 * reaches it. It waits at all times, parked or not, so a park costs it nothing.
 *
 * The waker loads the event and then asks (in `wake`) whether the vCPU waits; the vCPU says that it waits and then loads the
 * event. Both are sequentially consistent, so at least one of the two sees the other.
 *
 * A waker is made by its slot's own thread and so inherits that thread's policy, priority and CPUs: an event is as urgent as a deadline. QEMU's
 * sandbox may forbid to set them. When they changed since, the slot's thread makes another waker and lets the first one go. Its name holds the number of
 * that thread: vmrpc-undo gives both their former scheduling back.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "shim.h"

/* The guest can move `event` without end and so keep the waker, which may have a real-time priority, from sleeping. Between two
 * wakes of an agent the vCPU leaves its wait and enters another, which takes it longer than the waker's turn takes. So a waker that ran more than it
 * slept rests, which costs that guest its own wakes. Time is judged, not the number of turns: how long a turn takes is the machine's. */
#define TURNS 500u
#define REST_NS 10000000

/* How soon a waker follows a change of its slot's scheduling. */
#define LOOK_NS INT64_C(1000000000)

struct scheduling {
    pid_t thread;
    int policy;
    struct sched_param param;
    cpu_set_t cpus;
};

struct waker {
    struct vmrpc_shim *shim;
    unsigned slot;
    void (*wake)(void *context);
    void *context;
    struct scheduling scheduling; /* of the thread that made it */
    int64_t looked_ns;
    uint32_t stop;
};

struct pace {
    int64_t since_ns, ran_ns; /* when `turns` was 0 */
    unsigned turns;
};

static int64_t own_run_time(void)
{
    struct timespec ran;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ran);
    return (int64_t)ran.tv_sec * 1000000000 + ran.tv_nsec;
}

static void keep_pace(struct pace *pace)
{
    if (++pace->turns < TURNS)
        return;
    int64_t now = vmrpc_monotonic_ns(), ran = own_run_time();
    if (ran - pace->ran_ns > (now - pace->since_ns) / 2)
        nanosleep(&(struct timespec){.tv_nsec = REST_NS}, NULL);
    *pace = (struct pace){.since_ns = vmrpc_monotonic_ns(), .ran_ns = ran};
}

static void *run(void *argument)
{
    struct waker *waker = argument;
    struct vmrpc_shim *shim = waker->shim;
    struct word words[] = {{.address = &shim->slot[waker->slot].agent.event, .shared = 1}, {.address = &shim->parker[waker->slot].alarm}};
    struct pace pace = {0};
    char name[16];
    snprintf(name, sizeof name, "vmrpc-wk%d", (int)waker->scheduling.thread);
    pthread_setname_np(pthread_self(), name);
    /* The first turn finds the words moved, unless both are 0: it makes up for what came before the thread ran. */
    for (;;) {
        uint32_t event = __atomic_load_n(words[0].address, __ATOMIC_SEQ_CST);
        uint32_t alarm = __atomic_load_n(words[1].address, __ATOMIC_SEQ_CST);
        /* After alarm, which moves after stop was set: so a stop is seen here, or the wait finds the word moved. */
        if (__atomic_load_n(&waker->stop, __ATOMIC_ACQUIRE))
            break;
        if (event != words[0].value || alarm != words[1].value)
            waker->wake(waker->context);
        words[0].value = event;
        words[1].value = alarm;
        keep_pace(&pace);
        vmrpc_wait(shim, words, 2, VMRPC_NO_DEADLINE);
    }
    free(waker);
    __atomic_fetch_sub(&shim->wakers, 1u, __ATOMIC_RELEASE); /* vmrpc_shim_close may unmap from here on */
    return NULL;
}

/* Of the calling thread. What a sandbox forbids to read stays 0, and so unchanged. */
static struct scheduling own_scheduling(void)
{
    struct scheduling own;
    memset(&own, 0, sizeof own);
    own.thread = gettid();
    own.policy = sched_getscheduler(0);
    sched_getparam(0, &own.param);
    sched_getaffinity(0, sizeof own.cpus, &own.cpus);
    return own;
}

static int is_same(const struct scheduling *a, const struct scheduling *b)
{
    return a->thread == b->thread && a->policy == b->policy && a->param.sched_priority == b->param.sched_priority && CPU_EQUAL(&a->cpus, &b->cpus);
}

static void let_go(struct vmrpc_shim *shim, unsigned slot)
{
    struct parker *parker = &shim->parker[slot];
    if (!parker->waker)
        return;
    __atomic_store_n(&parker->waker->stop, 1u, __ATOMIC_RELEASE);
    __atomic_fetch_add(&parker->alarm, 1u, __ATOMIC_SEQ_CST);
    vmrpc_wake(&parker->alarm, 0);
    parker->waker = NULL; /* it frees itself */
}

static int start(struct waker *waker)
{
    pthread_t thread;
    pthread_attr_t detached;
    sigset_t all, before;
    sigfillset(&all);
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&thread, &detached, run, waker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&detached);
    return failed;
}

int vmrpc_shim_keep_waker(struct vmrpc_shim *shim, unsigned slot, int64_t now_ns, void (*wake)(void *context), void *context)
{
    struct parker *parker = &shim->parker[slot];
    if (parker->waker && now_ns - parker->waker->looked_ns < LOOK_NS)
        return 0;
    struct scheduling own = own_scheduling();
    if (parker->waker && own.policy == SCHED_IDLE)
        return 0; /* a guard lets ordinary threads in for some milliseconds (vmrpc vcpu --share): looks again at the next park */
    if (parker->waker && is_same(&own, &parker->waker->scheduling)) {
        parker->waker->looked_ns = now_ns;
        return 0;
    }
    struct waker *waker = malloc(sizeof *waker);
    if (!waker)
        return ENOMEM;
    *waker = (struct waker){.shim = shim, .slot = slot, .wake = wake, .context = context, .scheduling = own, .looked_ns = now_ns};
    __atomic_fetch_add(&shim->wakers, 1u, __ATOMIC_RELAXED);
    int failed = start(waker);
    if (failed) {
        __atomic_fetch_sub(&shim->wakers, 1u, __ATOMIC_RELAXED);
        free(waker);
        return parker->waker ? 0 : failed; /* the one that is there will do */
    }
    let_go(shim, slot); /* after the new one began: nothing falls between the two */
    parker->waker = waker;
    return 0;
}

void vmrpc_wakers_stop(struct vmrpc_shim *shim)
{
    for (unsigned i = 0; i < shim->slots; i++)
        let_go(shim, i);
    while (__atomic_load_n(&shim->wakers, __ATOMIC_ACQUIRE))
        usleep(100);
}
