/* SPDX-License-Identifier: Apache-2.0
 *
 * The link to the agent: hello and welcome, doorbell, death, reconnection, refusals.
 */
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "check.h"
#include "fixture.h"

#define LINK(r) (&(r)->header->shim.link)

static char logged[4000];

static void keep(void *context, const char *line)
{
    (void)context;
    size_t used = strlen(logged);
    snprintf(logged + used, sizeof logged - used, "%s\n", line);
}

static void doorbell_rings_a_sleeping_agent(struct region *r, struct vmrpc_shim *shim, struct agent *a)
{
    r->header->agent_sleep.sleeping = 0;
    vmrpc_shim_doorbell(shim);
    CHECK_EQ(0, agent_rung(a, 0)); /* awake: it sees for itself */
    r->header->agent_sleep.sleeping = 1;
    vmrpc_shim_doorbell(shim);
    CHECK_EQ(1, agent_rung(a, 0));

    arm(r, 1, VMRPC_SLOT_DOORBELL); /* the deadline has passed: it rings all the same */
    CHECK_EQ(VMRPC_WAKE_DEADLINE, vmrpc_shim_park(shim, 0));
    CHECK_EQ(1, agent_rung(a, 0));
    arm(r, 1, 0);
    CHECK_EQ(VMRPC_WAKE_DEADLINE, vmrpc_shim_park(shim, 0));
    CHECK_EQ(0, agent_rung(a, 0));

    struct parking p; /* rung before it waits: R37 */
    arm(r, now_ns() + EVER, VMRPC_SLOT_DOORBELL);
    parking_start(&p, shim);
    CHECK_EQ(1, agent_rung(a, (int)(EVER / MS)));
    raise_event(r);
    CHECK_EQ(VMRPC_WAKE_EVENT, parking_join(&p));
}

static void death_ends_parks(struct region *r, struct vmrpc_shim *shim, struct agent *a)
{
    struct parking p;
    arm(r, now_ns() + EVER, 0);
    parking_start(&p, shim);
    CHECK(AWAIT_PARKED(r));
    agent_die(a);
    CHECK_EQ(VMRPC_WAKE_AGENT_LOST, parking_join(&p));
    CHECK(await_word(LINK(r), VMRPC_LINK_DOWN));
    arm(r, now_ns() + EVER, VMRPC_SLOT_DOORBELL); /* R33 */
    CHECK_EQ(VMRPC_WAKE_AGENT_LOST, vmrpc_shim_park(shim, 0));
    arm(r, now_ns() + 5 * MS, 0); /* a pure timer goes on without agent */
    CHECK_EQ(VMRPC_WAKE_DEADLINE, vmrpc_shim_park(shim, 0));
    vmrpc_shim_doorbell(shim); /* sleeping is still 1: rings nowhere, harms nothing */
}

/* The guest saw link UP, the agent died and came back, and only then the guest parked for the old agent's answer. */
static void death_between_parks_is_kept(struct region *r, struct vmrpc_shim *shim, struct agent *a)
{
    agent_die(a);
    CHECK(await_word(LINK(r), VMRPC_LINK_DOWN));
    agent_listen(a, r);
    agent_welcome(a, VMRPC_LINK_LINKED, 103);
    CHECK(await_word(LINK(r), VMRPC_LINK_UP));
    arm(r, now_ns() + EVER, 0);
    CHECK_EQ(VMRPC_WAKE_AGENT_LOST, vmrpc_shim_park(shim, 0));
    arm(r, now_ns() + 5 * MS, 0);
    CHECK_EQ(VMRPC_WAKE_DEADLINE, vmrpc_shim_park(shim, 0));
}

static void refusals_are_logged_once(struct region *r, struct agent *a)
{
    logged[0] = 0;
    for (int i = 0; i < 2; i++) {
        agent_welcome(a, VMRPC_LINK_BUSY, 0);
        close(a->link);
    }
    agent_welcome(a, VMRPC_LINK_FOREIGN_REGION, 0);
    close(a->link);
    agent_welcome(a, VMRPC_LINK_LINKED, 104);
    CHECK(await_word(LINK(r), VMRPC_LINK_UP));
    CHECK_SAYS(logged, "already serves another shim");
    CHECK_SAYS(logged, "serves another region");
    const char *first = strstr(logged, "already serves");
    CHECK(first && !strstr(first + 1, "already serves"));
}

/* A vCPU that rang one of these would stay in write, or QEMU would get a SIGPIPE. */
static void only_an_eventfd_is_a_doorbell(struct region *r, struct agent *a)
{
    int good = a->doorbell, pair[2];
    CHECK(pipe(pair) == 0);
    close(pair[0]);
    const int bad[] = {pair[1], eventfd(0, 0)};
    for (unsigned i = 0; i < 2; i++) {
        logged[0] = 0;
        a->doorbell = bad[i];
        agent_welcome(a, VMRPC_LINK_LINKED, 105);
        close(a->link);
        close(bad[i]);
        a->doorbell = good;
        agent_welcome(a, VMRPC_LINK_LINKED, 106);
        CHECK(await_word(LINK(r), VMRPC_LINK_UP));
        CHECK_SAYS(logged, "no non-blocking eventfd");
        close(a->link);
        CHECK(await_word(LINK(r), VMRPC_LINK_DOWN));
    }
}

void test_link(void)
{
    struct region r;
    struct agent a;
    char error[300];
    region_create(&r);
    struct vmrpc_shim_config config = region_config(&r);
    config.log = keep;
    struct vmrpc_shim *shim = vmrpc_shim_open(&config, error, sizeof error);
    CHECK(shim != NULL);
    CHECK_EQ(VMRPC_LINK_NEVER, *LINK(&r));
    arm(&r, now_ns() + EVER, VMRPC_SLOT_DOORBELL);
    CHECK_EQ(VMRPC_WAKE_AGENT_LOST, vmrpc_shim_park(shim, 0));

    agent_listen(&a, &r); /* after the shim: it finds us */
    agent_welcome(&a, VMRPC_LINK_LINKED, 101);
    CHECK_EQ(VMRPC_MAGIC, a.hello.magic);
    CHECK_EQ(VMRPC_SHIM_LOOPBACK, a.hello.shim_kind);
    CHECK_EQ(4711, a.hello.region_id);
    CHECK_EQ(r.header->shim.shim_epoch, a.hello.shim_epoch);
    CHECK(await_word(LINK(&r), VMRPC_LINK_UP));
    CHECK_EQ(101, r.header->shim.link_epoch);

    doorbell_rings_a_sleeping_agent(&r, shim, &a);
    death_ends_parks(&r, shim, &a);
    agent_listen(&a, &r);
    agent_welcome(&a, VMRPC_LINK_LINKED, 102);
    CHECK(await_word(LINK(&r), VMRPC_LINK_UP));
    CHECK_EQ(102, r.header->shim.link_epoch);
    doorbell_rings_a_sleeping_agent(&r, shim, &a); /* the new agent's doorbell */
    death_between_parks_is_kept(&r, shim, &a);
    close(a.link);
    CHECK(await_word(LINK(&r), VMRPC_LINK_DOWN));
    refusals_are_logged_once(&r, &a);

    close(a.link);
    CHECK(await_word(LINK(&r), VMRPC_LINK_DOWN));
    only_an_eventfd_is_a_doorbell(&r, &a);

    unlink(r.path); /* a deleted region stays usable for those that have it */
    arm(&r, now_ns() + EVER, 0);
    CHECK_EQ(VMRPC_WAKE_AGENT_LOST, vmrpc_shim_park(shim, 0));
    arm(&r, now_ns() + 5 * MS, 0);
    CHECK_EQ(VMRPC_WAKE_DEADLINE, vmrpc_shim_park(shim, 0));
    vmrpc_shim_close(shim);
    close(a.listener);
    close(a.doorbell);
    region_remove(&r);
}
