/* SPDX-License-Identifier: MIT
 *
 * A thread per slot that turns moves of the slot's two words into a call: for a vCPU that waits inside KVM_RUN, where no futex
 * reaches it. It waits at all times, parked or not, so a park costs it nothing.
 *
 * The waker loads the event and then asks (in `wake`) whether the vCPU waits; the vCPU says that it waits and then loads the
 * event. Both are sequentially consistent, so at least one of the two sees the other.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "shim.h"

/* The guest can move `event` without end and so keep the waker from sleeping. No agent signals this often: a call takes
 * microseconds. Beyond it the waker rests, which costs that guest its own wakes. */
#define TURNS_PER_MS 500u
#define REST_NS 10000000

struct waker {
    struct vmrpc_shim *shim;
    unsigned slot;
    void (*wake)(void *context);
    void *context;
    pthread_t thread;
    uint32_t stop;
};

struct pace {
    int64_t since_ns;
    unsigned turns;
};

static void keep_pace(struct pace *pace)
{
    if (++pace->turns < TURNS_PER_MS)
        return;
    int64_t now = vmrpc_monotonic_ns();
    if (now - pace->since_ns < 1000000)
        nanosleep(&(struct timespec){.tv_nsec = REST_NS}, NULL);
    *pace = (struct pace){.since_ns = now};
}

static void *run(void *argument)
{
    struct waker *waker = argument;
    struct vmrpc_shim *shim = waker->shim;
    struct word words[] = {{.address = &shim->slot[waker->slot].agent.event, .shared = 1}, {.address = &shim->parker[waker->slot].alarm}};
    struct pace pace = {0};
    char name[16];
    snprintf(name, sizeof name, "vmrpc-wake-%u", waker->slot);
    pthread_setname_np(pthread_self(), name);
    /* The first turn finds the words moved, unless both are 0: it makes up for what came before the thread ran. */
    for (;;) {
        uint32_t event = __atomic_load_n(words[0].address, __ATOMIC_SEQ_CST);
        uint32_t alarm = __atomic_load_n(words[1].address, __ATOMIC_SEQ_CST);
        /* After alarm, which moves after stop was set: so a stop is seen here, or the wait finds the word moved. */
        if (__atomic_load_n(&waker->stop, __ATOMIC_ACQUIRE))
            return NULL;
        if (event != words[0].value || alarm != words[1].value)
            waker->wake(waker->context);
        words[0].value = event;
        words[1].value = alarm;
        keep_pace(&pace);
        vmrpc_wait(shim, words, 2, VMRPC_NO_DEADLINE);
    }
}

int vmrpc_shim_start_waker(struct vmrpc_shim *shim, unsigned slot, void (*wake)(void *context), void *context)
{
    struct parker *parker = &shim->parker[slot];
    if (parker->waker)
        return 0;
    struct waker *waker = malloc(sizeof *waker);
    if (!waker)
        return ENOMEM;
    *waker = (struct waker){.shim = shim, .slot = slot, .wake = wake, .context = context};
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&waker->thread, NULL, run, waker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed)
        free(waker);
    else
        parker->waker = waker;
    return failed;
}

void vmrpc_wakers_stop(struct vmrpc_shim *shim)
{
    for (unsigned i = 0; i < shim->slots; i++) {
        struct waker *waker = shim->parker[i].waker;
        if (!waker)
            continue;
        __atomic_store_n(&waker->stop, 1u, __ATOMIC_RELEASE);
        __atomic_fetch_add(&shim->parker[i].alarm, 1u, __ATOMIC_SEQ_CST);
        vmrpc_wake(&shim->parker[i].alarm, 0);
        pthread_join(waker->thread, NULL);
        free(waker);
    }
}
