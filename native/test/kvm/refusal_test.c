/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the shim cannot serve, the VM runs on, and the region says why.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "kvm_check.h"

static struct region region;
static struct vmm vmm;

static void runs_on(enum vmrpc_wake_reason reason)
{
    CHECK(vmm_await(&vmm.turns, 20));
    CHECK_EQ(0, vmm.error);
    CHECK_EQ(reason, region.slot[0].shim.reason);
    CHECK(region.slot[0].shim.acks >= 20);
}

void suite_refusals(void)
{
    region_create(&region);
    setenv("VMRPC_REGION", region.path, 1);
    vmm_create(&vmm, VMM_NO_IRQCHIP, 0); /* and VMRPC_PARK=halted */
    CHECK_EQ(VMRPC_REFUSAL_NO_IRQCHIP, region.header->shim.refusal);
    arm(&region, now_ns() + 60000 * MS, 0);
    vmm_start(&vmm);
    runs_on(VMRPC_WAKE_REFUSED);
    vmm_stop(&vmm);
    region_remove(&region);
}

void forbid(unsigned call)
{
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof rules / sizeof *rules, .filter = rules};
    CHECK_EQ(0, prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    CHECK_EQ(0, prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
}

/* VMRPC_PARK=auto takes the futex where the timer is forbidden, halted refuses; each region has its own process. */
void suite_seccomp(void)
{
    forbid(SYS_timer_create);
    region_create(&region);
    setenv("VMRPC_REGION", region.path, 1);
    vmm_create(&vmm, VMM_IRQCHIP, 0);
    CHECK_EQ(VMRPC_REFUSAL_NONE, region.header->shim.refusal);
    CHECK_EQ(VMRPC_PARK_FUTEX, region.header->shim.park_mode);
    CHECK_EQ(VMRPC_KICK_SLICES, region.header->shim.kick_mode);
    arm(&region, now_ns() + 60000 * MS, 0);
    vmm_start(&vmm);
    runs_on(VMRPC_WAKE_SLICE);
    vmm_stop(&vmm);
    region_remove(&region);
}

void suite_seccomp_halted(void)
{
    forbid(SYS_timer_create);
    region_create(&region);
    setenv("VMRPC_REGION", region.path, 1);
    vmm_create(&vmm, VMM_IRQCHIP, 0);
    CHECK_EQ(VMRPC_REFUSAL_SECCOMP, region.header->shim.refusal);
    arm(&region, now_ns() + 60000 * MS, 0);
    vmm_start(&vmm);
    runs_on(VMRPC_WAKE_REFUSED);
    vmm_stop(&vmm);
    region_remove(&region);
}
