/* SPDX-License-Identifier: Apache-2.0
 *
 * Tests of the KVM interposer. Each suite runs in a process of its own, because the interposer serves one region per process
 * and reads its settings once.
 */
#ifndef VMRPC_TEST_KVM_CHECK_H
#define VMRPC_TEST_KVM_CHECK_H

#include "check.h"
#include "fixture.h"
#include "points.h"
#include "vmm.h"

enum {
    DO_NOTHING = 0,
    DO_KICK = 1,      /* as QEMU */
    DO_EVENT = 2,     /* as the agent */
    DO_DEADLINE = 4,  /* wait here until it has passed */
    DO_LOSS = 8,      /* the agent dies */
    DO_INTERRUPT = 16,
    DO_LATE = 32,     /* a wake signal that belongs to no park of now */
    DO_FLOOD = 64     /* a guest moves the event again and again while the vCPU's thread cannot take signals */
};

/* Something that happens when the vCPU's thread next comes to `point`. */
struct injection {
    enum point point;
    unsigned deeds;
    struct vmm *vmm;
    struct region *region;
    struct agent *agent;
    int64_t deadline_ns;
    unsigned hits;
    uint64_t acks; /* what stood in the slot line when the point was reached */
    uint32_t reason;
    unsigned queued; /* wake signals of DO_FLOOD */
};
extern struct injection *injected; /* NULL: nothing */

/* One more point, inside the park core: the system call of a futex wait on three words. */
#define POINT_FUTEX_WAIT POINT_COUNT

extern uint32_t blind_waits; /* waits on the event alone, which a kick does not end at once */

void link_agent(struct region *region, struct agent *agent); /* the shim's link is up when it returns */

/* From now on the system call fails with EPERM in this process, as under a seccomp filter. */
void forbid(unsigned call);

void suite_points(void);        /* park mode halted */
void suite_points_futex(void);
void suite_points_no_irqchip(void);
void suite_storm(void);
void suite_storm_futex(void);
void suite_storm_blind(void);
void suite_exits(void);
void suite_replug(void);
void suite_beyond(void);
void suite_second_vm(void);
void suite_region_gone(void);
void suite_flood(void);
void suite_stub(void);
void suite_lead(void);
void suite_refusals(void);
void suite_seccomp(void);
void suite_seccomp_halted(void);

#endif
