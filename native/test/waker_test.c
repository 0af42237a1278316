/* SPDX-License-Identifier: Apache-2.0
 *
 * What the park core has for vCPUs that wait outside a futex: the waker, kicks that the VMM marks itself, and what is foretold.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "fixture.h"

static uint32_t wakes;
static int64_t wake_takes_ns;

static void count(void *context)
{
    for (int64_t end = now_ns() + __atomic_load_n(&wake_takes_ns, __ATOMIC_RELAXED); now_ns() < end;) {
    }
    __atomic_fetch_add((uint32_t *)context, 1u, __ATOMIC_SEQ_CST);
}

/* 1 if more wakes came than `before`. */
static int woken(uint32_t before)
{
    int64_t end = now_ns() + EVER;
    while (__atomic_load_n(&wakes, __ATOMIC_SEQ_CST) == before) {
        if (now_ns() > end)
            return 0;
        usleep(200);
    }
    return 1;
}

static void wakes_for_events_and_alarms(struct region *r, struct vmrpc_shim *shim)
{
    struct vmrpc_park park;
    CHECK_EQ(0, vmrpc_shim_keep_waker(shim, 0, now_ns(), count, &wakes));
    CHECK_EQ(0, vmrpc_shim_keep_waker(shim, 0, now_ns(), count, &wakes)); /* once per slot */
    arm(r, now_ns() + 60000 * MS, 0);
    CHECK_EQ(1, vmrpc_park_begin(shim, 0, &park));
    for (int i = 0; i < 20; i++) {
        uint32_t before = wakes;
        raise_event(r);
        CHECK(woken(before));
        CHECK(vmrpc_park_is_over(&park));
        CHECK_EQ(VMRPC_WAKE_EVENT, park.reason);
    }
    vmrpc_park_end(&park);
    arm(r, now_ns() + 60000 * MS, 0);
    CHECK_EQ(1, vmrpc_park_begin(shim, 0, &park));
    usleep(5000);
    uint32_t before = wakes;
    vmrpc_shim_kick(shim, 0);
    CHECK(woken(before));
    CHECK(vmrpc_park_is_over(&park));
    CHECK_EQ(VMRPC_WAKE_KICK, park.reason);
    vmrpc_park_end(&park);
}

/* Thread id of the waker of slot 0 whose policy is `policy`, or 0. */
static pid_t waker_of(int policy)
{
    pid_t found = 0;
    DIR *tasks = opendir("/proc/self/task");
    for (struct dirent *task; !found && (task = readdir(tasks)) != NULL;) {
        char path[300], wanted[32], name[32] = "";
        snprintf(wanted, sizeof wanted, "vmrpc-wk%d\n", (int)gettid()); /* this thread is the slot's */
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", task->d_name);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd >= 0 && read(fd, name, sizeof name - 1) > 0 && strcmp(name, wanted) == 0 && sched_getscheduler(atoi(task->d_name)) == policy)
            found = atoi(task->d_name);
        close(fd);
    }
    closedir(tasks);
    return found;
}

/* Once the slot's thread is SCHED_BATCH (which needs no privilege), its waker is, and still wakes. */
static void has_the_scheduling_of_its_slot(struct region *r, struct vmrpc_shim *shim)
{
    static const struct sched_param none;
    CHECK(waker_of(SCHED_OTHER) != 0);
    CHECK_EQ(0, sched_setscheduler(0, SCHED_BATCH, &none));
    CHECK_EQ(0, vmrpc_shim_keep_waker(shim, 0, now_ns() + EVER, count, &wakes));
    int64_t end = now_ns() + EVER;
    while ((waker_of(SCHED_BATCH) == 0 || waker_of(SCHED_OTHER) != 0) && now_ns() < end)
        usleep(1000);
    CHECK(waker_of(SCHED_BATCH) != 0);
    CHECK_EQ(0, waker_of(SCHED_OTHER)); /* the first one has left */
    CHECK_EQ(0, sched_setscheduler(0, SCHED_IDLE, &none)); /* for a moment, by a guard */
    CHECK_EQ(0, vmrpc_shim_keep_waker(shim, 0, now_ns() + 2 * EVER, count, &wakes));
    usleep(20000);
    CHECK(waker_of(SCHED_BATCH) != 0);
    CHECK_EQ(0, waker_of(SCHED_IDLE));
    CHECK_EQ(0, sched_setscheduler(0, SCHED_OTHER, &none));
    uint32_t before = wakes;
    raise_event(r);
    CHECK(woken(before));
}

static int64_t run_time(clockid_t clock)
{
    struct timespec ran;
    clock_gettime(clock, &ran);
    return (int64_t)ran.tv_sec * 1000000000 + ran.tv_nsec;
}

/* A guest that moves `event` all the time gets a tired waker, and the host keeps its CPU, however long a wake takes there. */
static void rests_when_the_guest_scribbles(struct region *r, int64_t takes_ns)
{
    uint32_t before = wakes;
    raise_event(r);
    CHECK(woken(before));
    __atomic_store_n(&wake_takes_ns, takes_ns, __ATOMIC_RELAXED);
    int64_t begun = now_ns(), others = run_time(CLOCK_PROCESS_CPUTIME_ID) - run_time(CLOCK_THREAD_CPUTIME_ID);
    before = wakes;
    int64_t took = 0;
    while (took < 500 * MS || (wakes - before < 1000 && took < EVER)) {
        raise_event(r); /* the agent wakes it, and from then on the guest keeps it awake */
        for (int i = 0; i < 1000; i++)
            __atomic_fetch_add(&r->slot[0].agent.event, 1u, __ATOMIC_SEQ_CST);
        took = now_ns() - begun;
    }
    others = run_time(CLOCK_PROCESS_CPUTIME_ID) - run_time(CLOCK_THREAD_CPUTIME_ID) - others;
    __atomic_store_n(&wake_takes_ns, 0, __ATOMIC_RELAXED);
    CHECK(wakes - before >= 1000); /* more than one rest's worth */
    CHECK(others < took * 7 / 10);
}

static void marked_kicks_need_no_settling(struct region *r, struct vmrpc_shim *shim)
{
    uint32_t word = 0x77; /* bits outside the mask mean nothing */
    vmrpc_shim_watch_kicks(shim, 0, &word, 0xff00);
    arm(r, now_ns() + 5 * MS, 0);
    CHECK_EQ(VMRPC_WAKE_SLICE, vmrpc_shim_park(shim, 0)); /* still settling: the kick before was another kind */
    for (int i = 0; i < 2; i++) {
        arm(r, now_ns() + 30 * MS, 0);
        vmrpc_shim_park(shim, 0);
    }
    word = 0x100;
    arm(r, now_ns() + EVER, 0);
    CHECK_EQ(VMRPC_WAKE_KICK, vmrpc_shim_park(shim, 0));
    CHECK_EQ(VMRPC_WAKE_KICK, vmrpc_shim_park(shim, 0)); /* until the VMM takes its mark away */
    word = 0;
    arm(r, now_ns() + 5 * MS, 0);
    CHECK_EQ(VMRPC_WAKE_DEADLINE, vmrpc_shim_park(shim, 0));
    vmrpc_shim_watch_kicks(shim, 0, NULL, 0);
}

static void foretells_an_interrupt(struct region *r, struct vmrpc_shim *shim)
{
    struct vmrpc_slot_shim_line *line = &r->slot[0].shim;
    struct vmrpc_park park;
    for (int interrupted = 0; interrupted < 2; interrupted++) {
        uint64_t acks = line->acks;
        arm(r, now_ns() + 5 * MS, 0);
        CHECK_EQ(1, vmrpc_park_begin(shim, 0, &park));
        CHECK_EQ(0, vmrpc_park_is_due(&park));
        vmrpc_park_foretell(&park);
        CHECK_EQ(VMRPC_WAKE_INTERRUPT, line->reason);
        CHECK_EQ(acks + 1, line->acks);
        CHECK_EQ(1, line->parked);
        int64_t halted_ns = line->returned_ns;
        usleep(6000);
        CHECK_EQ(1, vmrpc_park_is_due(&park));
        if (interrupted)
            park.reason = VMRPC_WAKE_INTERRUPT;
        vmrpc_park_end(&park);
        CHECK_EQ(interrupted ? VMRPC_WAKE_INTERRUPT : VMRPC_WAKE_DEADLINE, line->reason);
        CHECK_EQ(acks + 1, line->acks);
        CHECK_EQ(0, line->parked);
        CHECK_EQ(interrupted, line->returned_ns == halted_ns);
    }
}

static void steps(struct region *r, struct vmrpc_shim *shim)
{
    wakes_for_events_and_alarms(r, shim);
    marked_kicks_need_no_settling(r, shim);
    foretells_an_interrupt(r, shim);
    has_the_scheduling_of_its_slot(r, shim);
    rests_when_the_guest_scribbles(r, 0);
    rests_when_the_guest_scribbles(r, 5000);
}

void test_waker(void) { with_each_wait(steps); } /* closing ends the waker, or hangs */
