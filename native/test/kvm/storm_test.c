/* SPDX-License-Identifier: Apache-2.0
 *
 * Kicks, events, interrupts and short deadlines from other threads, at whatever moment they come.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kvm_check.h"

#define STORM_NS (3000 * MS)

static struct {
    struct region region;
    struct vmm vmm;
    uint32_t stop;
    unsigned seed;
    int halted;
} t;

static void on_turn(struct vmm *vmm)
{
    (void)vmm;
    int far = rand_r(&t.seed) % 4 == 0; /* only something else can end these */
    arm(&t.region, now_ns() + (far ? 60000 * MS : rand_r(&t.seed) % 300 * INT64_C(1000)), 0);
}

/* Keeps the far parks moving. */
static void *disturb(void *argument)
{
    unsigned seed = 5;
    (void)argument;
    while (!__atomic_load_n(&t.stop, __ATOMIC_RELAXED)) {
        usleep((useconds_t)(rand_r(&seed) % 400));
        switch (rand_r(&seed) % (t.halted ? 3 : 2)) {
        case 0:
            raise_event(&t.region);
            break;
        case 1:
            vmm_interrupt(&t.vmm);
            break;
        default: /* a waker's signal, too late for its park: never an EINTR for the VMM */
            pthread_kill(t.vmm.thread, SIGRTMAX - 2);
        }
    }
    return NULL;
}

static void storm(int halted)
{
    pthread_t disturber;
    t.seed = 11;
    t.halted = halted;
    region_create(&t.region);
    setenv("VMRPC_REGION", t.region.path, 1);
    vmm_create(&t.vmm, VMM_IRQCHIP, 0);
    t.vmm.on_turn = on_turn;
    vmm_start(&t.vmm);
    CHECK(vmm_await(&t.vmm.turns, 1));
    pthread_create(&disturber, NULL, disturb, NULL);
    unsigned seed = 7, lost = 0;
    for (int64_t end = now_ns() + STORM_NS; now_ns() < end && !lost;) {
        uint32_t work = t.vmm.work + 1;
        usleep((useconds_t)(rand_r(&seed) % 300));
        vmm_kick(&t.vmm);
        lost += !vmm_await(&t.vmm.done, work);
    }
    uint32_t turns = t.vmm.turns;
    CHECK_EQ(0, lost);
    CHECK(vmm_await(&t.vmm.turns, turns + 10)); /* no park is stuck */
    __atomic_store_n(&t.stop, 1u, __ATOMIC_RELAXED);
    pthread_join(disturber, NULL);
    vmm_stop(&t.vmm);
    CHECK_EQ(0, t.vmm.strange);
    CHECK_EQ(t.vmm.kicks, t.vmm.eintrs);
    CHECK_EQ(0, t.vmm.error);
    CHECK_EQ(0, t.vmm.foreign);
    fprintf(stderr, "%u turns, %u kicks, %u interrupts served\n", t.vmm.turns, t.vmm.kicks, vmm_word(&t.vmm, GUEST_INTERRUPTS));
    CHECK(t.vmm.kicks > 50);
    CHECK(vmm_word(&t.vmm, GUEST_INTERRUPTS) > 50);
    region_remove(&t.region);
}

void suite_storm(void) { storm(1); }
/* A kernel, or a filter, without futex_waitv: the waker looks up every millisecond. */
void suite_storm_blind(void)
{
    forbid(449); /* futex_waitv */
    storm(1);
    CHECK(blind_waits > 50);
}
void suite_storm_futex(void) { storm(0); }
