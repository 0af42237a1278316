/* SPDX-License-Identifier: Apache-2.0
 *
 * Kicks: during a park, between parks, and how the parks after one settle.
 */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "check.h"
#include "fixture.h"

static void kick_ends_a_park(struct region *r, struct vmrpc_shim *shim)
{
    struct parking p;
    uint64_t kicks = r->slot[0].shim.kicks;
    arm(r, now_ns() + EVER, 0);
    parking_start(&p, shim);
    CHECK(AWAIT_PARKED(r));
    usleep(5000); /* most likely in the futex by now */
    vmrpc_shim_kick(shim, 0);
    CHECK_EQ(VMRPC_WAKE_KICK, parking_join(&p));
    CHECK_EQ(kicks + 1, r->slot[0].shim.kicks);
}

/* Three short parks, then one that lasts until its deadline. */
static void settles(struct region *r, struct vmrpc_shim *shim)
{
    static const int64_t at_least[] = {200000, 2000000, 20000000};
    for (unsigned i = 0; i < 3; i++) {
        int64_t start = now_ns();
        arm(r, start + EVER, 0);
        CHECK_EQ(VMRPC_WAKE_SLICE, vmrpc_shim_park(shim, 0));
        CHECK(now_ns() - start >= at_least[i]);
        CHECK(now_ns() - start < EVER / 2);
    }
    arm(r, now_ns() + 40 * MS, 0);
    CHECK_EQ(VMRPC_WAKE_DEADLINE, vmrpc_shim_park(shim, 0));
}

static void kick_before_a_park_is_kept(struct region *r, struct vmrpc_shim *shim)
{
    vmrpc_shim_kick(shim, 0);
    vmrpc_shim_kick(shim, 0);
    arm(r, now_ns() + EVER, 0);
    CHECK_EQ(VMRPC_WAKE_KICK, vmrpc_shim_park(shim, 0)); /* both kicks in one */
    settles(r, shim);
}

static void kick_beside_an_event_is_kept(struct region *r, struct vmrpc_shim *shim)
{
    arm(r, now_ns() + EVER, 0);
    raise_event(r);
    vmrpc_shim_kick(shim, 0);
    CHECK_EQ(VMRPC_WAKE_EVENT, vmrpc_shim_park(shim, 0));
    arm(r, now_ns() + EVER, 0);
    CHECK_EQ(VMRPC_WAKE_KICK, vmrpc_shim_park(shim, 0));
    settles(r, shim);
}

static void other_slots_are_not_kicked(struct region *r, struct vmrpc_shim *shim)
{
    vmrpc_shim_kick(shim, 1);
    vmrpc_shim_kick(shim, FIXTURE_SLOTS);
    vmrpc_shim_kick(shim, ~0u);
    arm(r, now_ns() + 20 * MS, 0);
    CHECK_EQ(VMRPC_WAKE_DEADLINE, vmrpc_shim_park(shim, 0));
}

static struct vmrpc_shim *signalled;

static void kick_in_handler(int signal)
{
    (void)signal;
    errno = EDOM;
    vmrpc_shim_kick(signalled, 0);
    if (errno != EDOM)
        _exit(99);
}

/* As a KVM interposer does it: the VMM's signal arrives at the parked thread itself. */
static void kick_from_a_signal_handler(struct region *r, struct vmrpc_shim *shim)
{
    struct parking p;
    struct sigaction action = {.sa_handler = kick_in_handler}, before;
    signalled = shim;
    sigaction(SIGUSR1, &action, &before);
    arm(r, now_ns() + EVER, 0);
    parking_start(&p, shim);
    CHECK(AWAIT_PARKED(r));
    pthread_kill(p.thread, SIGUSR1);
    CHECK_EQ(VMRPC_WAKE_KICK, parking_join(&p));
    sigaction(SIGUSR1, &before, NULL);
}

static void losing_the_hook_ends_long_parks(struct region *r, struct vmrpc_shim *shim)
{
    struct parking p;
    settles(r, shim);
    arm(r, now_ns() + EVER, 0);
    parking_start(&p, shim);
    CHECK(AWAIT_PARKED(r));
    vmrpc_shim_fall_back_to_slices(shim);
    CHECK_EQ(VMRPC_WAKE_KICK, parking_join(&p));
    CHECK_EQ(VMRPC_KICK_SLICES, r->header->shim.kick_mode);
    for (int i = 0; i < 4; i++)
        CHECK_EQ(VMRPC_WAKE_SLICE, vmrpc_shim_park(shim, 0));
}

static void steps(struct region *r, struct vmrpc_shim *shim)
{
    kick_ends_a_park(r, shim);
    settles(r, shim);
    kick_before_a_park_is_kept(r, shim);
    kick_beside_an_event_is_kept(r, shim);
    other_slots_are_not_kicked(r, shim);
    kick_from_a_signal_handler(r, shim);
    losing_the_hook_ends_long_parks(r, shim);
}

void test_kick(void) { with_each_wait(steps); }
