/* SPDX-License-Identifier: Apache-2.0
 *
 * The lead: it follows what a wake takes, is bounded, and never lets a park end as DEADLINE before its deadline. The wait is played by a loop.
 */
#include "kvm_check.h"
#include "lead.h"

#define US INT64_C(1000)
#define PARKS 400
#define AHEAD (150 * US)
#define MOST (50 * US)

static struct region region;
static struct vmrpc_shim *shim;
static struct vcpu vcpu;

/* A park whose wait ends `late_ns` after it should. 0 if the machine let its deadline pass before it began. */
static int park(int64_t late_ns, struct vmrpc_park *park)
{
    arm(&region, now_ns() + AHEAD, 0);
    int begun = vmrpc_park_begin(shim, 0, park);
    if (begun) {
        for (int64_t end = vmrpc_lead_end(&vcpu, park) + late_ns; now_ns() < end;) {
        }
        vmrpc_lead_spin(&vcpu, park);
        CHECK_EQ(VMRPC_WAKE_DEADLINE, park->reason);
        CHECK(now_ns() >= park->until_ns);
        CHECK(vcpu.lead_ns >= 0 && vcpu.lead_ns <= MOST);
    }
    vmrpc_park_end(park);
    return begun;
}

static void follows_what_a_wake_takes(void)
{
    struct vmrpc_park p;
    for (int parks = 0; parks < PARKS; parks += park(20 * US, &p)) {
    }
    CHECK(vcpu.lead_ns >= 15 * US); /* each wake took 20 us or, on a busy machine, more */
    for (int parks = 0; parks < PARKS; parks += park(500 * US, &p)) {
    }
    CHECK_EQ(MOST, vcpu.lead_ns);
    for (int parks = 0; parks < PARKS; parks += park(0, &p)) {
    }
    CHECK(vcpu.lead_ns < MOST);
}

static void only_deadlines_have_one(void)
{
    struct vmrpc_park p;
    vcpu.lead_ns = MOST;
    arm(&region, now_ns() + 60000 * MS, 0);
    CHECK_EQ(1, vmrpc_park_begin(shim, 0, &p));
    CHECK_EQ(p.until_ns - MOST, vmrpc_lead_end(&vcpu, &p));
    p.reason_at_until = VMRPC_WAKE_SLICE;
    p.until_ns = now_ns();
    CHECK_EQ(p.until_ns, vmrpc_lead_end(&vcpu, &p));
    vmrpc_lead_spin(&vcpu, &p);
    CHECK_EQ(VMRPC_WAKE_SLICE, p.reason);
    CHECK_EQ(MOST, vcpu.lead_ns);
    vmrpc_park_end(&p);
}

/* What comes while the rest of the time is spun away ends it. */
static void spins_no_longer_than_it_must(int kick)
{
    struct vmrpc_park p;
    arm(&region, now_ns() + 60000 * MS, 0);
    CHECK_EQ(1, vmrpc_park_begin(shim, 0, &p));
    if (kick)
        vmrpc_shim_kick(shim, 0);
    else
        raise_event(&region);
    vmrpc_lead_spin(&vcpu, &p); /* the watchdog ends one that does not look */
    CHECK_EQ(kick ? VMRPC_WAKE_KICK : VMRPC_WAKE_EVENT, p.reason);
    vmrpc_park_end(&p);
}

void suite_lead(void)
{
    region_create(&region);
    shim = region_shim(&region);
    follows_what_a_wake_takes();
    only_deadlines_have_one();
    spins_no_longer_than_it_must(0);
    spins_no_longer_than_it_must(1);
    vmrpc_shim_close(shim);
    region_remove(&region);
}
