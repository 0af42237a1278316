/* SPDX-License-Identifier: MIT
 *
 * The signal must not fall between the last look and KVM_RUN, where it would be lost. kvm_run->immediate_exit exists for that, but
 * QEMU's own kick lives in that byte: who clears it after a wake of his own may clear a kick. So this shim never writes it. Instead
 * the handler looks where it interrupted the thread: between the look and the `syscall` of vmrpc_run_unless it moves the thread to
 * the exit of that function; later, the kernel itself ends KVM_RUN with EINTR.
 *
 * QEMU (SIG_IPI = SIGUSR1, SIGUSR2, SIGALRM, SIGIO, SIGBUS and the terminating ones) and glibc (32, 33) do not use the upper
 * real-time signals. The handler stays installed, and does nothing in threads that run no vCPU, so a late signal is harmless.
 */
#define _GNU_SOURCE
#include "wakeup.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "stats.h"

#define RETRY_NS 100000

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

__thread struct vcpu *vmrpc_current_vcpu __attribute__((tls_model("initial-exec")));

static int wake_signal; /* 0: not installed */
static struct vcpu *vcpu_of_slot[VMRPC_MAX_SLOTS];

__asm__(".text\n"
        ".globl vmrpc_run_unless\n"
        ".hidden vmrpc_run_unless\n"
        ".type vmrpc_run_unless, @function\n"
        "vmrpc_run_unless:\n"
        "    mov %rsi, %r8\n"
        "    mov $0xae80, %esi\n" /* KVM_RUN */
        "    xor %edx, %edx\n"
        "    mov $16, %eax\n" /* SYS_ioctl */
        "vmrpc_run_look:\n"
        "    cmpl $0, (%r8)\n"
        "    jne vmrpc_run_out\n"
        ".globl vmrpc_run_syscall\n"
        ".hidden vmrpc_run_syscall\n"
        "vmrpc_run_syscall:\n"
        "    syscall\n"
        "    ret\n"
        "vmrpc_run_out:\n"
        "    mov $-4, %eax\n" /* -EINTR */
        "    ret\n"
        ".size vmrpc_run_unless, . - vmrpc_run_unless\n");
extern const char vmrpc_run_look[], vmrpc_run_syscall[], vmrpc_run_out[];
_Static_assert(KVM_RUN == 0xae80 && SYS_ioctl == 16 && EINTR == 4, "numbers in vmrpc_run_unless");

static void on_wake(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)info;
    struct vcpu *vcpu = vmrpc_current_vcpu;
    if (!vcpu)
        return;
    vcpu->signalled = 1;
    greg_t *at = &((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
    if (*at >= (greg_t)(uintptr_t)vmrpc_run_look && *at <= (greg_t)(uintptr_t)vmrpc_run_syscall)
        *at = (greg_t)(uintptr_t)vmrpc_run_out;
}

static pid_t self(void)
{
    static __thread pid_t tid __attribute__((tls_model("initial-exec")));
    if (tid == 0)
        tid = (pid_t)syscall(SYS_gettid);
    return tid;
}

static int make_timer(timer_t *timer)
{
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = wake_signal};
    event.sigev_notify_thread_id = self();
    return timer_create(CLOCK_MONOTONIC, &event, timer) == 0 ? 0 : errno;
}

/* The highest real-time signal below the topmost that nobody handles: some debuggers and tools take SIGRTMAX itself. */
static int free_signal(void)
{
    struct sigaction now;
    for (int s = SIGRTMAX - 2; s > SIGRTMIN; s--)
        if (sigaction(s, NULL, &now) == 0 && !(now.sa_flags & SA_SIGINFO) && now.sa_handler == SIG_DFL)
            return s;
    return 0;
}

int vmrpc_wakeup_install(void)
{
    struct sigaction action = {.sa_sigaction = on_wake, .sa_flags = SA_SIGINFO | SA_RESTART};
    timer_t timer;
    sigfillset(&action.sa_mask);
    wake_signal = free_signal();
    if (wake_signal == 0)
        return EBUSY;
    if (sigaction(wake_signal, &action, NULL) != 0)
        return errno;
    int failed = make_timer(&timer);
    if (failed)
        return failed;
    timer_delete(timer);
    return syscall(SYS_tgkill, getpid(), self(), 0) == 0 ? 0 : errno;
}

const char *vmrpc_wakeup_failure(int error)
{
    static char text[160]; /* under the service's lock */
    if (error == EBUSY)
        return "every real-time signal of this process is taken";
    snprintf(text, sizeof text, "timer_create, sigaction or tgkill is forbidden in this process (%s)", strerror(error));
    return text;
}

/* On the waker's thread. Sequentially consistent: see waker.c. A vCPU that has left since then gets a signal that does nothing.
 * One signal per wait: real-time signals queue up, and a guest that moves `event` while the vCPU's thread cannot run would fill the queue that
 * all processes of QEMU's user share. While it is full of theirs, the kernel refuses ours. */
static void wake(void *slot)
{
    struct vcpu *vcpu = __atomic_load_n(&vcpu_of_slot[(uintptr_t)slot], __ATOMIC_ACQUIRE);
    uint32_t waits = VCPU_WAITS;
    if (!__atomic_compare_exchange_n(&vcpu->halted, &waits, VCPU_SIGNALLED, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        return;
    while (syscall(SYS_tgkill, getpid(), __atomic_load_n(&vcpu->wakes, __ATOMIC_RELAXED), wake_signal) != 0 && errno == EAGAIN &&
           __atomic_load_n(&vcpu->halted, __ATOMIC_RELAXED) == VCPU_SIGNALLED)
        nanosleep(&(struct timespec){.tv_nsec = RETRY_NS}, NULL);
}

static void unbind(struct vcpu *vcpu)
{
    if (vcpu->tid == 0)
        return;
    timer_delete(vcpu->timer);
    vmrpc_stats_close(vcpu);
    vcpu->tid = 0;
}

static __thread const struct vcpu *bound __attribute__((tls_model("initial-exec"))); /* a thread's number comes back, and a mapping's address */

static int bind_thread(struct vcpu *vcpu)
{
    sigset_t set;
    unbind(vcpu); /* of a thread that ended: the vCPU was unplugged, and another has its descriptor now */
    int failed = make_timer(&vcpu->timer);
    if (failed)
        return failed;
    vmrpc_stats_open(vcpu);
    sigemptyset(&set);
    sigaddset(&set, wake_signal);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL); /* QEMU's threads start with every signal blocked */
    vcpu->tid = self();
    vcpu->bound_run = vcpu->run;
    bound = vcpu;
    __atomic_store_n(&vcpu->wakes, vcpu->tid, __ATOMIC_RELAXED);
    __atomic_store_n(&vcpu_of_slot[vcpu->slot], vcpu, __ATOMIC_RELEASE);
    return 0;
}

int vmrpc_wakeup_bind(struct vcpu *vcpu, const struct vmrpc_park *park)
{
    int failed = bound == vcpu && vcpu->tid == self() && vcpu->bound_run == vcpu->run ? 0 : bind_thread(vcpu);
    return failed ? failed : vmrpc_shim_keep_waker(park->shim, vcpu->slot, park->entered_ns, wake, (void *)(uintptr_t)vcpu->slot);
}

void vmrpc_wakeup_at(const struct vcpu *vcpu, int64_t deadline_ns)
{
    struct itimerspec when = {.it_value = {.tv_sec = (time_t)(deadline_ns / 1000000000), .tv_nsec = (long)(deadline_ns % 1000000000)}};
    timer_settime(vcpu->timer, TIMER_ABSTIME, &when, NULL);
}

void vmrpc_wakeup_cancel(const struct vcpu *vcpu)
{
    static const struct itimerspec never;
    timer_settime(vcpu->timer, 0, &never, NULL);
}
