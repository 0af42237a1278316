/* SPDX-License-Identifier: Apache-2.0 */
#include "smp.h"

#include "cpu.h"
#include "hypercall.h"
#include "lapic.h"

#define START_PAGE 1u /* 0x1000 */
#define INIT 0x4500u
#define START_UP 0x4600u

struct slate slate;
static struct vcpu *second_vcpu;

extern const uint8_t second_cpu_code[], second_cpu_code_end[];
void second_cpu_main(void);

static void park_until_told_otherwise(void)
{
    park(second_vcpu, 0, 0, slate.deadline_ns, 0);
    slate.parks++;
    if (park_reason(second_vcpu) == VMRPC_WAKE_DEADLINE)
        slate.work = SECOND_IDLE;
}

void second_cpu_main(void)
{
    slate.alive = 1;
    for (;;) {
        switch (slate.work) {
        case SECOND_COUNTS:
            slate.counter++;
            break;
        case SECOND_PARKS:
            park_until_told_otherwise();
            break;
        case SECOND_CALLS:
            hypercall_park(second_vcpu->instruction);
            slate.counter++;
            break;
        default:
            relax();
        }
    }
}

static void wait(struct vcpu *first, int64_t ns)
{
    int64_t until_ns = host_now(first) + ns;
    while (host_now(first) < until_ns)
        park(first, 0, 0, until_ns, 0);
}

static void send(uint32_t cpu, uint32_t command)
{
    lapic_write(LAPIC_COMMAND_TO, cpu << 24);
    lapic_write(LAPIC_COMMAND, command);
}

const char *second_cpu_start(struct vcpu *first, struct vcpu *second)
{
    volatile uint8_t *page = (volatile uint8_t *)high_memory(START_PAGE << 12);
    for (uint32_t i = 0; i < (uint32_t)(second_cpu_code_end - second_cpu_code); i++)
        page[i] = second_cpu_code[i];
    second_vcpu = second;
    send(second->index, INIT);
    wait(first, 10000000);
    for (int i = 0; i < 2 && !slate.alive; i++) { /* the SDM's universal algorithm sends it twice */
        send(second->index, START_UP | START_PAGE);
        wait(first, 200000000);
    }
    return slate.alive ? 0 : "the second CPU did not start: is there one (-smp 2)?";
}
