/* SPDX-License-Identifier: Apache-2.0
 *
 * What ends a park: each reason of docs/protocol.md, section 7. Run with futex_waitv and with the fall-back of older kernels.
 */
#include <stdint.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "check.h"
#include "fixture.h"

static struct vmrpc_shim *open_shim(const struct region *r, struct vmrpc_shim_config config)
{
    char error[300] = "";
    struct vmrpc_shim *shim = vmrpc_shim_open(&config, error, sizeof error);
    CHECK_SAYS(error, "");
    CHECK(shim != NULL);
    CHECK(r->header->shim.shim_epoch != 0);
    return shim;
}

static void at_once(struct region *r, struct vmrpc_shim *shim)
{
    struct vmrpc_slot *s = &r->slot[0];
    uint64_t parks = s->shim.parks;
    CHECK_EQ(VMRPC_WAKE_NOT_ARMED, vmrpc_shim_park(shim, 0));
    CHECK_EQ(VMRPC_WAKE_NOT_ARMED, s->shim.reason);

    arm(r, VMRPC_NO_DEADLINE, 0);
    raise_event(r);
    CHECK_EQ(VMRPC_WAKE_EVENT, vmrpc_shim_park(shim, 0));
    CHECK_EQ(VMRPC_WAKE_EVENT, s->shim.reason);

    static const int64_t past[] = {0, 1, -1, INT64_MIN};
    for (unsigned i = 0; i < 4; i++) {
        arm(r, past[i], 0);
        CHECK_EQ(VMRPC_WAKE_DEADLINE, vmrpc_shim_park(shim, 0));
    }
    CHECK_EQ(parks, s->shim.parks); /* none of these waited */
    CHECK_EQ(VMRPC_WAKE_REFUSED, vmrpc_shim_park(shim, FIXTURE_SLOTS));
    CHECK_EQ(VMRPC_WAKE_REFUSED, vmrpc_shim_park(shim, ~0u));
}

static void by_event(struct region *r, struct vmrpc_shim *shim)
{
    struct parking p;
    struct vmrpc_slot *s = &r->slot[0];
    uint64_t acks = s->shim.acks;
    arm(r, now_ns() + EVER, 0);
    parking_start(&p, shim);
    CHECK(AWAIT_PARKED(r));
    raise_event(r);
    CHECK_EQ(VMRPC_WAKE_EVENT, parking_join(&p));
    CHECK_EQ(acks + 1, s->shim.acks);
    CHECK_EQ(0, s->shim.parked);
    CHECK(s->shim.returned_ns - s->shim.entered_ns < EVER / 2);
}

static void by_time(struct region *r, struct vmrpc_shim *shim)
{
    struct vmrpc_slot *s = &r->slot[0];
    int64_t deadline = now_ns() + 30 * MS;
    uint64_t parks = s->shim.parks;
    arm(r, deadline, 0);
    CHECK_EQ(VMRPC_WAKE_DEADLINE, vmrpc_shim_park(shim, 0)); /* a timer needs no agent: R35 */
    CHECK(s->shim.returned_ns >= deadline);
    CHECK(s->shim.returned_ns < deadline + EVER / 2);
    CHECK(s->shim.entered_ns <= deadline - 1 * MS);
    CHECK_EQ(parks + 1, s->shim.parks);
}

static void by_bound_and_slice(struct region *r)
{
    struct vmrpc_shim_config config = region_config(r);
    config.bound_ns = 20 * MS;
    struct vmrpc_shim *shim = open_shim(r, config);
    int64_t start = now_ns();
    arm(r, VMRPC_NO_DEADLINE, 0);
    CHECK_EQ(VMRPC_WAKE_BOUND, vmrpc_shim_park(shim, 0));
    CHECK(now_ns() - start >= 20 * MS);
    vmrpc_shim_close(shim);

    config.kick_mode = VMRPC_KICK_SLICES;
    config.slice_ns = 2 * MS;
    shim = open_shim(r, config);
    CHECK_EQ(VMRPC_KICK_SLICES, r->header->shim.kick_mode);
    CHECK_EQ(2 * MS, r->header->shim.slice_ns);
    start = now_ns();
    CHECK_EQ(VMRPC_WAKE_SLICE, vmrpc_shim_park(shim, 0));
    CHECK(now_ns() - start >= 2 * MS);
    arm(r, now_ns() + MS, 0);
    CHECK_EQ(VMRPC_WAKE_DEADLINE, vmrpc_shim_park(shim, 0));
    vmrpc_shim_close(shim);
}

static void by_close(struct region *r)
{
    struct vmrpc_shim *shim = region_shim(r);
    struct parking p;
    arm(r, VMRPC_NO_DEADLINE, 0);
    parking_start(&p, shim);
    CHECK(AWAIT_PARKED(r));
    vmrpc_shim_close(shim);
    CHECK_EQ(VMRPC_WAKE_REFUSED, parking_join(&p));
    CHECK_EQ(0, r->header->shim.shim_epoch);
}

static void by_refusal(struct region *r)
{
    struct vmrpc_shim *shim = region_shim(r);
    struct parking p;
    arm(r, VMRPC_NO_DEADLINE, 0);
    parking_start(&p, shim);
    CHECK(AWAIT_PARKED(r));
    vmrpc_shim_refuse(shim, VMRPC_REFUSAL_SINGLE_THREADED_TCG);
    CHECK_EQ(VMRPC_WAKE_REFUSED, parking_join(&p));
    CHECK_EQ(VMRPC_REFUSAL_SINGLE_THREADED_TCG, r->header->shim.refusal);
    uint64_t acks = r->slot[0].shim.acks;
    CHECK_EQ(VMRPC_WAKE_REFUSED, vmrpc_shim_park(shim, 0));
    CHECK_EQ(acks + 1, r->slot[0].shim.acks);
    vmrpc_shim_close(shim);
}

static void *park_and_tell_slack(void *shim)
{
    vmrpc_shim_park(shim, 0);
    return (void *)(intptr_t)prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0);
}

/* One thread after the other, as when a vCPU is plugged in again: glibc gives the second the first one's pthread_t. */
static void each_thread_is_prepared(struct region *r, struct vmrpc_shim *shim)
{
    int own_ns = prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0);
    prctl(PR_SET_TIMERSLACK, 50000UL, 0, 0, 0); /* what the threads begin with */
    for (int i = 0; i < 2; i++) {
        pthread_t thread;
        void *slack_ns;
        arm(r, now_ns() + 20 * MS, 0);
        CHECK_EQ(0, pthread_create(&thread, NULL, park_and_tell_slack, shim));
        pthread_join(thread, &slack_ns);
        CHECK_EQ(1, (intptr_t)slack_ns);
    }
    prctl(PR_SET_TIMERSLACK, (unsigned long)own_ns, 0, 0, 0);
}

void test_park(void)
{
    for (int without_waitv = 0; without_waitv <= 1; without_waitv++) {
        struct region r;
        region_create(&r);
        struct vmrpc_shim_config config = region_config(&r);
        config.without_waitv = without_waitv;
        struct vmrpc_shim *shim = open_shim(&r, config);
        CHECK_EQ(VMRPC_SHIM_LOOPBACK, r.header->shim.shim_kind);
        CHECK_EQ(VMRPC_INSTRUCTION_CALL, r.header->shim.instruction);
        CHECK_EQ(FIXTURE_SLOTS, r.header->shim.slots_served);
        at_once(&r, shim);
        by_event(&r, shim);
        by_time(&r, shim);
        each_thread_is_prepared(&r, shim);
        uint64_t acks = r.slot[0].shim.acks, epoch = r.header->shim.shim_epoch;
        vmrpc_shim_close(shim);

        shim = open_shim(&r, config); /* a second shim goes on counting, under another epoch */
        CHECK(r.header->shim.shim_epoch != epoch);
        CHECK_EQ(VMRPC_WAKE_DEADLINE, vmrpc_shim_park(shim, 0)); /* still armed, its deadline has passed */
        CHECK_EQ(acks + 1, r.slot[0].shim.acks);
        vmrpc_shim_close(shim);
        by_bound_and_slice(&r);
        by_close(&r);
        by_refusal(&r);
        region_remove(&r);
    }
}
