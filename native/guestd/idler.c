/* SPDX-License-Identifier: Apache-2.0
 *
 * The idler: runs when nothing else on its CPU can, serves what is due, and parks the vCPU until the next timer.
 *
 * Nothing may be missed between its last look at the tables and the park. Who could change a table runs on this CPU, so the
 * idler would be preempted first; and the kernel tells of a preemption by rseq(2): it clears rseq_cs where the thread was outside the
 * sequence that this word names, and sends the thread to the sequence's abort address where it was inside.
 *
 *   K1 rseq_cs = the sequence        from here on a preemption is noticed
 *   K2 no table has changed?
 *   K3 arm the slot (G3 to G5)
 *   K4 rseq_cs still set?  --+ the sequence
 *   K5 hypercall (G7)      --+
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cpu.h"
#include "guestd.h"

#define NUDGE SIGUSR1
#define PROBES 200
#define SUSPENDED_LOOK_NS 2000000
#define NOTHING_TO_DO_NS 1000000000

/* int vmrpc_enter_park(struct rseq *, uint32_t instruction): 1 if the hypercall was made, 0 if the thread was preempted before it. */
__asm__(".pushsection .text\n"
        ".type vmrpc_enter_park, @function\n"
        "vmrpc_enter_park:\n"
        "1:  cmpq $0, 8(%rdi)\n" /* K4; rseq_cs of struct rseq */
        "    je 3f\n"
        "    cmpl $3, %esi\n" /* VMRPC_INSTRUCTION_OUT */
        "    je 5f\n"
        "    " VMRPC_INSN_PARK_BYTES "\n" /* K5 */
        "    jmp 2f\n"
        "5:  movl $1, %eax\n" /* VMRPC_CALL_PARK */
        "    movl $0x5652, %edx\n" /* VMRPC_PORT */
        "    outl %eax, %dx\n"
        "2:  movl $1, %eax\n"
        "    movq $0, 8(%rdi)\n"
        "    ret\n"
        "    .long 0x53053053\n" /* RSEQ_SIG, which the kernel wants in front of an abort address */
        "4:  nop\n"
        "3:  xorl %eax, %eax\n"
        "    movq $0, 8(%rdi)\n"
        "    ret\n"
        ".size vmrpc_enter_park, . - vmrpc_enter_park\n"
        ".popsection\n"
        ".pushsection .data.rel.ro, \"aw\"\n"
        ".balign 32\n"
        "vmrpc_park_sequence:\n"
        "    .long 0, 0\n"
        "    .quad 1b, 2b - 1b, 4b\n"
        ".popsection\n");
int vmrpc_enter_park(struct rseq *rseq, uint32_t instruction);
extern const struct rseq_cs vmrpc_park_sequence;

_Static_assert(offsetof(struct rseq, rseq_cs) == 8, "the assembly above knows it");
_Static_assert(RSEQ_SIG == 0x53053053 && VMRPC_INSTRUCTION_OUT == 3 && VMRPC_CALL_PARK == 1 && VMRPC_PORT == 0x5652, "and these");

static void ignore(int signal) { (void)signal; }

void idler_nudge(struct guestd *guestd)
{
    pid_t tid = __atomic_load_n(&guestd->idler_tid, __ATOMIC_ACQUIRE);
    if (tid)
        syscall(SYS_tgkill, getpid(), tid, NUDGE); /* an interrupt for its CPU: the VMM's kick ends the park */
}

static int set_idle(void)
{
    struct sched_param none = {0};
    return sched_setscheduler(0, SCHED_IDLE, &none);
}

static void become_idler(struct guestd *guestd)
{
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET((unsigned)guestd->cpu, &cpus);
    if (sched_setaffinity(0, sizeof cpus, &cpus) < 0)
        die("sched_setaffinity(CPU %d) failed: %s: name a CPU of this guest with --cpu", guestd->cpu, strerror(errno));
    if (set_idle() < 0)
        die("sched_setscheduler(SCHED_IDLE) failed: %s", strerror(errno));
    if (__rseq_size == 0)
        die("this kernel or C library has no restartable sequences (rseq): Linux 4.18 with CONFIG_RSEQ and glibc 2.35 are needed");
    if (guestd->vcpu.instruction == VMRPC_INSTRUCTION_OUT && ioperm(VMRPC_PORT, 1, 1) < 0)
        die("ioperm on port 0x5652 failed: %s: run as root; lockdown must be off in this guest", strerror(errno));
    prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    struct sigaction action = {.sa_handler = ignore};
    sigaction(NUDGE, &action, NULL);
    sigset_t nudge;
    sigemptyset(&nudge);
    sigaddset(&nudge, NUDGE);
    pthread_sigmask(SIG_UNBLOCK, &nudge, NULL);
    vcpu_own(guestd);
}

/* The watch raises the idler's priority where timers wait for a CPU that is busy: what is due is served, then the CPU is given back. */
void idler_step_down(void)
{
    if (sched_getscheduler(0) != SCHED_IDLE)
        set_idle();
}

void idler_step_up(void)
{
    struct sched_param highest = {.sched_priority = HIGHEST};
    sched_setscheduler(0, SCHED_FIFO, &highest);
}

static void park_until(struct guestd *guestd, struct rseq *rseq, int64_t at_ns)
{
    struct vcpu *vcpu = &guestd->vcpu;
    __atomic_store_n(&rseq->rseq_cs, (uintptr_t)&vmrpc_park_sequence, __ATOMIC_RELAXED); /* K1 */
    __atomic_signal_fence(__ATOMIC_SEQ_CST); /* a preemption is an interrupt of this thread: program order is enough */
    if (serve_has_changes(guestd) || __atomic_load_n(&guestd->is_stopping, __ATOMIC_RELAXED) ||
        __atomic_load_n(&guestd->is_lent, __ATOMIC_RELAXED)) { /* K2 */
        __atomic_store_n(&rseq->rseq_cs, 0, __ATOMIC_RELAXED);
        return;
    }
    int64_t host_ns = at_ns == INT64_MAX ? VMRPC_NO_DEADLINE : clock_host_ns(&vcpu->clock, (uint64_t)at_ns);
    park_arm(vcpu, guestd->event, host_ns, 0); /* K3 */
    uint64_t before = read_tsc();
    if (vmrpc_enter_park(rseq, vcpu->instruction)) /* K4 K5 */
        guestd->parks++;
    else
        guestd->aborts++;
    park_disarm(vcpu, before, read_tsc());
}

static int has_other_members(const struct guestd *guestd)
{
    int count = 0;
    for (uint32_t i = 0; i < guestd->members_end; i++)
        count += __atomic_load_n(&guestd->members[i].state, __ATOMIC_RELAXED) == MEMBER_JOINED;
    return count > 1;
}

static void move_to(const cpu_set_t *cpus) { sched_setaffinity(0, sizeof *cpus, cpus); }

/* A program has the vCPU for itself. The others are served from another CPU, by the kernel's timers there and at what looks find: nothing of ours
 * interrupts the owner. */
static void lend(struct guestd *guestd)
{
    cpu_set_t own, others;
    sched_getaffinity(0, sizeof own, &own);
    sched_getaffinity(getpid(), sizeof others, &others); /* the service's thread */
    move_to(&others);
    while (__atomic_load_n(&guestd->is_lent, __ATOMIC_ACQUIRE) && !__atomic_load_n(&guestd->is_stopping, __ATOMIC_RELAXED)) {
        __atomic_store_n(&guestd->is_suspended, 1, __ATOMIC_RELEASE);
        serve_changes(guestd);
        serve_due(guestd);
        struct entry *first = heap_first(&guestd->heap);
        int64_t until_ns = now_ns(CLOCK_MONOTONIC) + (has_other_members(guestd) ? SUSPENDED_LOOK_NS : NOTHING_TO_DO_NS);
        if (first && first->at_ns < until_ns)
            until_ns = first->at_ns;
        struct timespec until = {.tv_sec = until_ns / 1000000000, .tv_nsec = until_ns % 1000000000};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    }
    move_to(&own);
    guestd->vcpu.acks = load_acquire64(&guestd->vcpu.slot->shim.acks);
    __atomic_store_n(&guestd->is_suspended, 0, __ATOMIC_RELEASE);
}

void *idler_run(void *argument)
{
    struct guestd *guestd = argument;
    become_idler(guestd);
    __atomic_store_n(&guestd->idler_tid, (pid_t)syscall(SYS_gettid), __ATOMIC_RELEASE);
    struct rseq *rseq = (struct rseq *)((char *)__builtin_thread_pointer() + __rseq_offset);
    while (!__atomic_load_n(&guestd->is_stopping, __ATOMIC_RELAXED)) {
        if (__atomic_load_n(&guestd->is_lent, __ATOMIC_RELAXED))
            lend(guestd);
        guestd->event = park_event(&guestd->vcpu); /* G1: an event from here on ends the park */
        serve_changes(guestd);
        serve_event(guestd);
        serve_due(guestd);
        int64_t next_ns = serve_publish_next(guestd);
        __atomic_store_n(&guestd->turns, guestd->turns + 1, __ATOMIC_RELEASE);
        idler_step_down(); /* last: from here a busy program may keep us off the CPU, and the watch knows what is next */
        park_until(guestd, rseq, next_ns);
    }
    return NULL;
}
