/* SPDX-License-Identifier: Apache-2.0
 *
 * interrupts  the PIT interrupts while the vCPU is parked: the handler runs, and the park still ends at its event or deadline
 * idle        parks until a time, so that others can look at the machine meanwhile
 * spin        loops for ever
 */
#include "console.h"
#include "cpu.h"
#include "irq.h"
#include "job.h"
#include "memory.h"

static int is_there(void *rings)
{
    return ring_has_completion(rings);
}

/* A withheld call of the agent, whose completion is to end the parks. */
static const char *submit_call(struct guest *guest, uint32_t delay_us)
{
    const char *problem = guest_session(guest);
    uint32_t operation = problem ? 0 : channel_resolve(&guest->channel, "later") << 16;
    if (!operation)
        return problem ? problem : "the agent does not know the service `later`";
    channel_submit(&guest->channel, operation, 0, VMRPC_NO_DEADLINE, &delay_us, sizeof delay_us);
    channel_flush(&guest->channel);
    return 0;
}

/* Parks with interrupts on until the deadline or the completion. Returns how many parks that took. */
static uint32_t park_through(struct guest *guest, int is_call, int64_t deadline_ns)
{
    struct vcpu *vcpu = &guest->vcpu;
    uint32_t parks = 0;
    interrupts_on();
    while (!(is_call && is_there(&guest->channel.rings)) && host_now(vcpu) < deadline_ns) {
        park(vcpu, is_call ? is_there : 0, &guest->channel.rings, deadline_ns, 0);
        parks++;
    }
    interrupts_off();
    return parks;
}

/* event=1: a completion of the agent ends it, and not the deadline. */
const char *job_interrupts(struct guest *guest, const struct job *job)
{
    struct vcpu *vcpu = &guest->vcpu;
    uint32_t hz = (uint32_t)job_number(job, "hz", 100);
    uint32_t ms = (uint32_t)job_number(job, "ms", 1000);
    int64_t length_ns = (int64_t)ms * 1000000;
    int is_call = job_number(job, "event", 0) != 0;
    if (hz < 19 || hz > 10000)
        return "interrupts: hz is 19 to 10000";
    if (!irq_works())
        return NO_INTERRUPTS;
    const char *problem = is_call ? submit_call(guest, ms * 1000) : 0;
    if (problem)
        return problem;
    for (uint32_t i = 0; i <= VMRPC_WAKE_INTERRUPT; i++)
        vcpu->reasons[i] = 0;
    uint32_t before = irq_times.count;
    int64_t begin_ns = host_now(vcpu);
    pit_periodic(hz);
    uint32_t parks = park_through(guest, is_call, begin_ns + (is_call ? 10 * length_ns : length_ns));
    pit_stop();
    int64_t took_ns = host_now(vcpu) - begin_ns;
    print("interrupts handled=%u parks=%u took_ns=%D event=%u deadline=%u kick=%u slice=%u interrupt=%u\n", irq_times.count - before, parks, took_ns,
          vcpu->reasons[VMRPC_WAKE_EVENT], vcpu->reasons[VMRPC_WAKE_DEADLINE], vcpu->reasons[VMRPC_WAKE_KICK], vcpu->reasons[VMRPC_WAKE_SLICE],
          vcpu->reasons[VMRPC_WAKE_INTERRUPT]);
    struct completion completion = {.payload = reply_buffer()};
    return is_call && channel_await(&guest->channel, begin_ns, &completion) != AWAIT_COMPLETION ? "the withheld call was not answered" : 0;
}

const char *job_idle(struct guest *guest, const struct job *job)
{
    struct vcpu *vcpu = &guest->vcpu;
    int64_t until_ns = host_now(vcpu) + (int64_t)job_number(job, "ms", 1000) * 1000000;
    print("idle\n");
    uint32_t parks = 0;
    while (host_now(vcpu) < until_ns) {
        park(vcpu, 0, 0, until_ns, 0);
        parks++;
    }
    print("idle parks=%u late_ns=%D\n", parks, host_now(vcpu) - until_ns);
    return 0;
}

const char *job_spin(struct guest *guest, const struct job *job)
{
    (void)guest;
    (void)job;
    print("spin\n");
    for (;;)
        relax();
}
