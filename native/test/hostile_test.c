/* SPDX-License-Identifier: Apache-2.0
 *
 * A guest that scribbles over header and slots while it parks: the shim may return whenever it likes, but it must return, and
 * must touch nothing outside the region (the sanitized build watches that).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "fixture.h"

#define SCRIBBLE_NS (2000 * MS)

struct scribbler {
    struct region *r;
    unsigned seed;
    uint32_t stop;
};

static void *scribble(void *argument)
{
    struct scribbler *s = argument;
    static const int64_t deadlines[] = {INT64_MIN, -1, 0, 1, INT64_MAX, INT64_MAX - 1, INT64_MAX / 1000000000};
    while (!__atomic_load_n(&s->stop, __ATOMIC_RELAXED)) {
        uint64_t random = (uint64_t)rand_r(&s->seed) << 32 ^ (uint64_t)rand_r(&s->seed);
        struct vmrpc_slot *slot = &s->r->slot[random % FIXTURE_SLOTS];
        /* 64-bit stores everywhere but in the identity and what drives the test: what follows and slot 0's event. */
        uint64_t *words = (uint64_t *)s->r->header;
        size_t word = VMRPC_LINE / 8 + random % (s->r->length / 8 - VMRPC_LINE / 8);
        __atomic_store_n(&words[word], random, __ATOMIC_RELAXED);
        __atomic_store_n(&slot->guest.deadline_ns, deadlines[random % 7], __ATOMIC_RELAXED);
        __atomic_store_n(&slot->guest.armed, (uint32_t)(random >> 3) & 3, __ATOMIC_RELAXED);
        __atomic_store_n(&slot->guest.expected, slot->agent.event, __ATOMIC_RELAXED);
        __atomic_store_n(&s->r->header->identity.slot_count, (uint32_t)random, __ATOMIC_RELAXED);
        __atomic_store_n(&s->r->header->identity.slot_offset, (uint32_t)(random >> 7), __ATOMIC_RELAXED);
    }
    return NULL;
}

struct vcpu {
    struct vmrpc_shim *shim;
    unsigned slot;
    uint32_t *stop;
    uint64_t returns;
    int unknown;
};

static void *run_vcpu(void *argument)
{
    struct vcpu *v = argument;
    while (!__atomic_load_n(v->stop, __ATOMIC_RELAXED)) {
        unsigned reason = vmrpc_shim_park(v->shim, v->slot);
        v->unknown += reason > VMRPC_WAKE_REFUSED;
        v->returns++;
    }
    return NULL;
}

void test_hostile(void)
{
    struct region r;
    char error[300];
    region_create(&r);
    struct vmrpc_shim_config config = region_config(&r);
    config.bound_ns = 5 * MS;
    struct vmrpc_shim *shim = vmrpc_shim_open(&config, error, sizeof error);
    CHECK(shim != NULL);
    struct scribbler s = {.r = &r, .seed = (unsigned)now_ns()};
    unsigned seed = s.seed;
    pthread_t scribbling, running[2];
    struct vcpu vcpu[2] = {{.shim = shim, .slot = 0, .stop = &s.stop}, {.shim = shim, .slot = FIXTURE_SLOTS - 1, .stop = &s.stop}};
    pthread_create(&scribbling, NULL, scribble, &s);
    for (int i = 0; i < 2; i++)
        pthread_create(&running[i], NULL, run_vcpu, &vcpu[i]);
    int64_t end = now_ns() + SCRIBBLE_NS;
    while (now_ns() < end) {
        vmrpc_shim_kick(shim, 0);
        vmrpc_shim_doorbell(shim);
    }
    __atomic_store_n(&s.stop, 1, __ATOMIC_RELAXED);
    pthread_join(scribbling, NULL);
    for (int i = 0; i < 2; i++) {
        pthread_join(running[i], NULL);
        CHECK(vcpu[i].returns > 10);
        CHECK_EQ(0, vcpu[i].unknown);
    }
    CHECK_EQ(FIXTURE_SLOTS, vmrpc_shim_slots(shim));
    vmrpc_shim_close(shim);
    if (check_failed)
        printf("hostile: seed %u\n", seed);
    region_remove(&r);
}
