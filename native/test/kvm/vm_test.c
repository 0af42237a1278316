/* SPDX-License-Identifier: Apache-2.0
 *
 * Which exits are hypercalls, vCPUs that come again or have no slot, the guest's own HLT, two VMs, a region that is deleted,
 * and the queue of signals.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "kvm_check.h"

static struct region region;
static struct vmm vmm;
static uint32_t turn_wanted; /* the vCPU's thread holds the guest at turns beyond this one */

static void hold(struct vmm *v)
{
    int64_t end = now_ns() + 2 * EVER;
    while ((int32_t)(__atomic_load_n(&turn_wanted, __ATOMIC_ACQUIRE) - v->turns) <= 0 && now_ns() < end && !v->quit)
        usleep(50);
}

static void start(void)
{
    region_create(&region);
    setenv("VMRPC_REGION", region.path, 1);
    vmm_create(&vmm, VMM_IRQCHIP, 0);
    vmm.on_turn = hold;
    vmm_start(&vmm);
    CHECK(vmm_await(&vmm.turns, 1));
}

/* One turn of the guest. 1 if it came to an end. */
static int turn(void)
{
    uint32_t next = vmm.turns + 1;
    __atomic_store_n(&turn_wanted, next, __ATOMIC_RELEASE);
    return vmm_await(&vmm.turns, next);
}

static void job(unsigned char job, uint32_t value)
{
    vmm.memory[GUEST_JOB] = job;
    memcpy(vmm.memory + GUEST_VALUE, &value, sizeof value);
}

static void passes_to_the_vmm(unsigned char j, uint32_t value)
{
    uint32_t foreign = vmm.foreign;
    uint64_t acks = region.slot[0].shim.acks;
    job(j, value);
    CHECK(turn());
    CHECK_EQ(foreign + 1, vmm.foreign);
    CHECK_EQ(acks, region.slot[0].shim.acks);
}

static void parks(enum vmrpc_wake_reason reason, int64_t ns)
{
    uint64_t acks = region.slot[0].shim.acks;
    job(JOB_OUT, VMRPC_CALL_PARK);
    arm(&region, now_ns() + ns, 0);
    int64_t begun = now_ns();
    CHECK(turn());
    CHECK(now_ns() - begun >= ns);
    CHECK_EQ(acks + 1, region.slot[0].shim.acks);
    CHECK_EQ(reason, region.slot[0].shim.reason);
}

static void rings_the_doorbell(void)
{
    struct agent agent;
    link_agent(&region, &agent);
    region.header->agent_sleep.sleeping = 1;
    job(JOB_OUT, VMRPC_CALL_DOORBELL);
    CHECK(turn());
    CHECK_EQ(1, agent_rung(&agent, 0));
    agent_die(&agent);
    region.header->agent_sleep.sleeping = 0;
    CHECK(await_word(&region.header->shim.link, VMRPC_LINK_DOWN));
    region.slot[0].guest.armed = 0;
    job(JOB_OUT, VMRPC_CALL_PARK);
    CHECK(turn());
    CHECK_EQ(VMRPC_WAKE_NOT_ARMED, region.slot[0].shim.reason);
}

static void guest_halts_by_itself(void)
{
    unsigned halts = vmm_word(&vmm, GUEST_HALTS), interrupts = vmm_word(&vmm, GUEST_INTERRUPTS);
    uint32_t eintrs = vmm.eintrs, next = vmm.turns + 1;
    job(JOB_OUT_THEN_HLT, VMRPC_CALL_PARK);
    arm(&region, now_ns() + 100 * MS, 0);
    __atomic_store_n(&turn_wanted, next, __ATOMIC_RELEASE);
    CHECK(AWAIT_PARKED(&region));
    vmm_interrupt(&vmm); /* ends the park; the guest goes on into its HLT, and the park's timer is still running */
    usleep(300000);
    raise_event(&region);
    usleep(20000);
    CHECK_EQ(interrupts + 1, vmm_word(&vmm, GUEST_INTERRUPTS));
    CHECK_EQ(halts, vmm_word(&vmm, GUEST_HALTS)); /* neither timer nor event ended the guest's own HLT */
    CHECK_EQ(next - 1, vmm.turns);
    CHECK_EQ(eintrs, vmm.eintrs);
    CHECK_EQ(VMRPC_WAKE_INTERRUPT, region.slot[0].shim.reason);
    vmm_interrupt(&vmm);
    CHECK(vmm_await(&vmm.turns, next));
    CHECK_EQ(halts + 1, vmm_word(&vmm, GUEST_HALTS));
}

void suite_exits(void)
{
    start();
    passes_to_the_vmm(JOB_OUT, 0);
    passes_to_the_vmm(JOB_OUT, 3);
    passes_to_the_vmm(JOB_OUT, 0x10001);
    passes_to_the_vmm(JOB_OUT_WORD, 1);
    passes_to_the_vmm(JOB_OUT_BYTE, 1);
    passes_to_the_vmm(JOB_IN, 1);
    parks(VMRPC_WAKE_DEADLINE, 2 * MS);
    rings_the_doorbell();
    parks(VMRPC_WAKE_AGENT_LOST, 0); /* lost since the last park that waited */
    parks(VMRPC_WAKE_DEADLINE, 2 * MS);
    guest_halts_by_itself();
    CHECK_EQ(0, vmm.error);
    vmm_stop(&vmm);
    region_remove(&region);
}

/* QEMU keeps the descriptor of an unplugged vCPU, and gives it to the next one with a new thread and a new mapping. */
void suite_replug(void)
{
    start();
    parks(VMRPC_WAKE_DEADLINE, 2 * MS);
    for (int i = 0; i < 3; i++) {
        arm(&region, now_ns() + 60000 * MS, 0);
        job(JOB_OUT, VMRPC_CALL_PARK);
        __atomic_store_n(&turn_wanted, vmm.turns + 1, __ATOMIC_RELEASE);
        CHECK(AWAIT_PARKED(&region));
        vmm_stop(&vmm); /* unplugged in a park */
        CHECK_EQ(0, region.slot[0].shim.parked);
        CHECK_EQ(KVM_MP_STATE_RUNNABLE, vmm_mp_state(&vmm));
        uint32_t turns = vmm.turns;
        vmm_start(&vmm);
        CHECK(vmm_await(&vmm.turns, turns + 1)); /* from behind the `out` that parked */
        void *other = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, vmm.vcpu, 4096); /* not the run page */
        CHECK(other != MAP_FAILED);
        parks(VMRPC_WAKE_DEADLINE, 5 * MS);
        munmap(other, 4096);
        parks(VMRPC_WAKE_DEADLINE, 5 * MS);
    }
    CHECK_EQ(0, vmm.strange);
    vmm_stop(&vmm);
    region_remove(&region);
}

void suite_beyond(void)
{
    region_create(&region);
    setenv("VMRPC_REGION", region.path, 1);
    vmm_create(&vmm, VMM_IRQCHIP, FIXTURE_SLOTS + 3);
    arm(&region, now_ns() + 60000 * MS, 0);
    vmm_start(&vmm);
    CHECK(vmm_await(&vmm.turns, 20)); /* no slot: hypercalls return at once */
    vmm_stop(&vmm);
    for (unsigned i = 0; i < FIXTURE_SLOTS; i++)
        CHECK_EQ(0, region.slot[i].shim.acks);
    CHECK_EQ(0, vmm.foreign);
    CHECK_EQ(0, vmm.error);
    region_remove(&region);
}

void suite_second_vm(void)
{
    struct vmm second;
    start();
    vmm_create(&second, VMM_IRQCHIP, 0);
    vmm_start(&second);
    CHECK(vmm_await(&second.foreign, 20)); /* its hypercalls are exits for its VMM */
    vmm_stop(&second);
    vmm_destroy(&second);
    parks(VMRPC_WAKE_DEADLINE, 2 * MS);
    vmm_stop(&vmm);
    region_remove(&region);
}

void suite_region_gone(void)
{
    start();
    parks(VMRPC_WAKE_DEADLINE, 2 * MS);
    unlink(region.path);
    parks(VMRPC_WAKE_DEADLINE, 2 * MS);
    vmm_stop(&vmm);
    region_remove(&region);
}

static void one_signal_per_wait(void)
{
    struct injection flood = {.point = POINT_ARMED, .deeds = DO_FLOOD, .vmm = &vmm, .region = &region};
    injected = &flood;
    arm(&region, now_ns() + 60000 * MS, 0);
    CHECK(turn());
    CHECK_EQ(VMRPC_WAKE_EVENT, region.slot[0].shim.reason);
    CHECK_EQ(1, flood.hits);
    CHECK_EQ(1, flood.queued);
    injected = NULL;
}

/* The kernel refuses the waker's signal while QEMU's user has too many queued: the wake comes when it has not. */
static void full_queue_delays_a_wake(void)
{
    struct rlimit before, none;
    getrlimit(RLIMIT_SIGPENDING, &before);
    none = (struct rlimit){.rlim_max = before.rlim_max};
    uint32_t next = vmm.turns + 1;
    arm(&region, now_ns() + 60000 * MS, 0);
    __atomic_store_n(&turn_wanted, next, __ATOMIC_RELEASE);
    CHECK(AWAIT_PARKED(&region));
    usleep(20000);
    CHECK_EQ(0, setrlimit(RLIMIT_SIGPENDING, &none));
    raise_event(&region);
    usleep(50000);
    CHECK_EQ(next - 1, vmm.turns);
    CHECK_EQ(0, setrlimit(RLIMIT_SIGPENDING, &before));
    CHECK(vmm_await(&vmm.turns, next));
    CHECK_EQ(VMRPC_WAKE_EVENT, region.slot[0].shim.reason);
}

void suite_flood(void)
{
    start();
    parks(VMRPC_WAKE_DEADLINE, 2 * MS);
    one_signal_per_wait();
    full_queue_delays_a_wake();
    vmm_stop(&vmm);
    region_remove(&region);
}
