/* SPDX-License-Identifier: Apache-2.0
 *
 * smp       one vCPU is parked while the other works: first the second one works, then the first
 * unserved  the second vCPU executes hypercalls though the region has no slot for it
 * unplug    the second vCPU is taken out of the machine in a long park
 */
#include "console.h"
#include "cpu.h"
#include "job.h"
#include "smp.h"

/* QEMU's registers for CPUs that come and go, of its machine "pc". A write of 0 to the first one chooses this layout. */
#define CPU_SELECTOR 0xaf00
#define CPU_FLAGS 0xaf04
#define CPU_IS_THERE 1u
#define CPU_EJECT 8u

static struct vcpu second;

static const char *start(struct guest *guest)
{
    if (slate.alive)
        return 0;
    /* The index is out of the region's range in the job `unserved`: what lies there is not the shim's, and is not touched. */
    if (guest->region.slot_count > 1)
        vcpu_bind(&second, &guest->region, 1);
    second.index = 1;
    second.instruction = guest->vcpu.instruction;
    return second_cpu_start(&guest->vcpu, &second);
}

static void park_until(struct vcpu *vcpu, int64_t until_ns)
{
    while (host_now(vcpu) < until_ns)
        park(vcpu, 0, 0, until_ns, 0);
}

static const char *second_works(struct guest *guest, int64_t length_ns)
{
    uint32_t before = slate.counter;
    slate.work = SECOND_COUNTS;
    int64_t until_ns = host_now(&guest->vcpu) + length_ns;
    park_until(&guest->vcpu, until_ns);
    uint32_t counted = slate.counter - before;
    slate.work = SECOND_IDLE;
    print("smp parked=0 counted=%u late_ns=%D\n", counted, host_now(&guest->vcpu) - until_ns);
    return counted ? 0 : "the second vCPU stood still while the first was parked";
}

static const char *first_works(struct guest *guest, int64_t length_ns)
{
    if (guest->region.slot_count < 2)
        return "smp: the region has one slot only";
    uint32_t counted = 0;
    uint32_t counted_parked = 0;
    slate.deadline_ns = host_now(&guest->vcpu) + length_ns;
    slate.work = SECOND_PARKS;
    int64_t give_up_ns = slate.deadline_ns + 10 * length_ns;
    while (slate.work == SECOND_PARKS && host_now(&guest->vcpu) < give_up_ns) {
        counted++;
        counted_parked += second.slot->shim.parked;
    }
    print("smp parked=1 counted=%u counted_while_parked=%u parks=%u\n", counted, counted_parked, slate.parks);
    if (slate.work == SECOND_PARKS)
        return "the second vCPU's park did not end";
    return counted_parked ? 0 : "the first vCPU stood still while the second was parked";
}

const char *job_smp(struct guest *guest, const struct job *job)
{
    int64_t length_ns = (int64_t)job_number(job, "ms", 1000) * 1000000;
    const char *problem = start(guest);
    if (!problem)
        problem = second_works(guest, length_ns);
    return problem ? problem : first_works(guest, length_ns);
}

const char *job_unserved(struct guest *guest, const struct job *job)
{
    uint32_t enough = (uint32_t)job_number(job, "count", 1000);
    const char *problem = start(guest);
    if (problem)
        return problem;
    uint32_t before = slate.counter;
    slate.work = SECOND_CALLS;
    int64_t until_ns = host_now(&guest->vcpu) + INT64_C(5000000000);
    while (slate.counter - before < enough && host_now(&guest->vcpu) < until_ns)
        park(&guest->vcpu, 0, 0, host_now(&guest->vcpu) + 1000000, 0);
    slate.work = SECOND_IDLE;
    print("unserved hypercalls=%u\n", slate.counter - before);
    return slate.counter - before >= enough ? 0 : "hypercalls beyond the region's slots do not return";
}

static int second_parks_within(struct guest *guest, int64_t length_ns)
{
    int64_t give_up_ns = host_now(&guest->vcpu) + length_ns;
    while (!second.slot->shim.parked && host_now(&guest->vcpu) < give_up_ns)
        park_until(&guest->vcpu, host_now(&guest->vcpu) + 1000000);
    return second.slot->shim.parked != 0;
}

const char *job_unplug(struct guest *guest, const struct job *job)
{
    (void)job;
    if (guest->region.slot_count < 2)
        return "unplug: the region has one slot only";
    const char *problem = start(guest);
    if (problem)
        return problem;
    slate.deadline_ns = host_now(&guest->vcpu) + INT64_C(50000000000);
    slate.work = SECOND_PARKS;
    if (!second_parks_within(guest, INT64_C(10000000000)))
        return "the second vCPU does not park";
    park_until(&guest->vcpu, host_now(&guest->vcpu) + 50000000);
    out32(CPU_SELECTOR, 0);
    out32(CPU_SELECTOR, 1);
    int64_t begin_ns = host_now(&guest->vcpu);
    out8(CPU_FLAGS, CPU_EJECT); /* QEMU returns when that vCPU's thread has ended */
    print("unplug took_ns=%D parks=%u\n", host_now(&guest->vcpu) - begin_ns, slate.parks);
    return in8(CPU_FLAGS) & CPU_IS_THERE ? "the second vCPU is still there" : 0;
}
