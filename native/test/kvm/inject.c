/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <signal.h>
#include <unistd.h>

#include "kvm_check.h"

struct injection *injected;

static void lose_agent(struct injection *i)
{
    agent_die(i->agent);
    CHECK(await_word(&i->region->header->shim.link, VMRPC_LINK_DOWN));
    usleep(1000); /* the link's thread raises the alarms after that store */
}

/* On the vCPU's thread: the signal of a kick arrives before pthread_kill returns. */
void vmrpc_test_point(enum point point)
{
    struct injection *i = injected;
    if (!i || i->point != point || i->hits)
        return;
    i->hits++;
    if (i->deeds & DO_INTERRUPT)
        vmm_interrupt(i->vmm);
    if (i->deeds & DO_EVENT)
        raise_event(i->region);
    if (i->deeds & DO_LOSS)
        lose_agent(i);
    if (i->deeds & DO_LATE)
        pthread_kill(pthread_self(), SIGRTMAX - 2);
    if (i->deeds & DO_KICK)
        vmm_kick(i->vmm);
    while ((i->deeds & DO_DEADLINE) && now_ns() < i->deadline_ns + MS / 5)
        usleep(100);
}

void link_agent(struct region *region, struct agent *agent)
{
    agent_listen(agent, region);
    agent_welcome(agent, VMRPC_LINK_LINKED, 77);
    CHECK(await_word(&region->header->shim.link, VMRPC_LINK_UP));
}
