/* SPDX-License-Identifier: Apache-2.0
 *
 * The wake signal at every single instruction between the last look and KVM_RUN: the thread is stepped by the trap flag, and the
 * signal is made pending at the chosen step. A signal that came before `syscall` must keep KVM_RUN from being entered at all.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <ucontext.h>

#include "kvm_check.h"
#include "wakeup.h"

#define TRAP_FLAG 0x100
#define STEPS 8 /* six instructions, `syscall`, and what follows */

extern const char vmrpc_run_syscall[];

static int at_step, steps, signal_wanted;
static uintptr_t signalled_at;

static void on_trap(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)info;
    ucontext_t *u = context;
    uintptr_t rip = (uintptr_t)u->uc_mcontext.gregs[REG_RIP];
    if (rip < (uintptr_t)vmrpc_run_unless || rip > (uintptr_t)vmrpc_run_syscall + 2)
        return;
    if (steps++ != at_step)
        return;
    signalled_at = rip;
    u->uc_mcontext.gregs[REG_EFL] &= ~TRAP_FLAG;
    if (signal_wanted)
        raise(SIGRTMAX - 2); /* blocked here: arrives at the stepped thread, at exactly this instruction */
}

static int run_stepped(const struct vcpu *vcpu)
{
    __asm__ volatile("pushfq; orq $0x100, (%%rsp); popfq" ::: "memory", "cc");
    int answer = vmrpc_run_unless(vcpu->fd, &vcpu->signalled);
    __asm__ volatile("pushfq; andq $~0x100, (%%rsp); popfq" ::: "memory", "cc");
    return answer;
}

void suite_stub(void)
{
    struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO};
    struct vcpu vcpu = {.fd = -1};
    int before = 0, after = 0;
    sigaddset(&action.sa_mask, SIGRTMAX - 2);
    CHECK_EQ(0, vmrpc_wakeup_install());
    sigaction(SIGTRAP, &action, NULL);
    vmrpc_current_vcpu = &vcpu;
    for (signal_wanted = 0; signal_wanted < 2; signal_wanted++) {
        for (at_step = 0; at_step < STEPS; at_step++) {
            steps = 0;
            signalled_at = 0;
            vcpu.signalled = 0;
            int answer = run_stepped(&vcpu);
            CHECK(signalled_at != 0 || at_step == STEPS - 1); /* behind `syscall` not every CPU traps */
            int too_late = signalled_at > (uintptr_t)vmrpc_run_syscall || signalled_at == 0;
            CHECK_EQ(signal_wanted && !too_late ? -EINTR : -EBADF, answer);
            before += !too_late;
            after += too_late;
        }
    }
    CHECK_EQ(2 * (STEPS - 1), before);
    CHECK_EQ(2, after);
    vmrpc_current_vcpu = NULL;
}
