/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "vmm.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fixture.h"

extern const char vmm_guest[], vmm_guest_end[];

static __thread struct vmm *current;

static void must(int ok, const char *what)
{
    if (!ok) {
        perror(what);
        abort();
    }
}

int vmm_available(void)
{
    int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
    if (kvm < 0) {
        fprintf(stderr, "skipped: /dev/kvm: %s\n", strerror(errno));
        return 0;
    }
    close(kvm);
    return 1;
}

static void on_ipi(int signal)
{
    (void)signal;
    if (current)
        __atomic_store_n(&current->run->immediate_exit, 1, __ATOMIC_RELAXED);
}

static void reset(struct vmm *vmm)
{
    struct kvm_sregs sregs;
    struct kvm_regs regs = {.rip = 0x1000, .rflags = 2};
    must(ioctl(vmm->vcpu, KVM_GET_SREGS, &sregs) == 0, "KVM_GET_SREGS");
    sregs.cs.base = 0;
    sregs.cs.selector = 0;
    must(ioctl(vmm->vcpu, KVM_SET_SREGS, &sregs) == 0, "KVM_SET_SREGS");
    must(ioctl(vmm->vcpu, KVM_SET_REGS, &regs) == 0, "KVM_SET_REGS");
}

void vmm_create(struct vmm *vmm, enum vmm_irqchip irqchip, unsigned vcpu_id)
{
    *vmm = (struct vmm){.kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC)};
    must(vmm->kvm >= 0, "/dev/kvm");
    vmm->vm = ioctl(vmm->kvm, KVM_CREATE_VM, 0);
    must(vmm->vm >= 0, "KVM_CREATE_VM");
    must(ioctl(vmm->vm, KVM_SET_TSS_ADDR, 0xfffbd000) == 0, "KVM_SET_TSS_ADDR");
    must(irqchip == VMM_NO_IRQCHIP || ioctl(vmm->vm, KVM_CREATE_IRQCHIP, 0) == 0, "KVM_CREATE_IRQCHIP");
    vmm->memory = mmap(NULL, VMM_MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    must(vmm->memory != MAP_FAILED, "mmap");
    memcpy(vmm->memory + 0x1000, vmm_guest, (size_t)(vmm_guest_end - vmm_guest));
    vmm->memory[GUEST_VALUE] = 1; /* park */
    struct kvm_userspace_memory_region memory = {.memory_size = VMM_MEMORY, .userspace_addr = (uintptr_t)vmm->memory};
    must(ioctl(vmm->vm, KVM_SET_USER_MEMORY_REGION, &memory) == 0, "KVM_SET_USER_MEMORY_REGION");
    vmm->vcpu = ioctl(vmm->vm, KVM_CREATE_VCPU, (void *)(uintptr_t)vcpu_id);
    must(vmm->vcpu >= 0, "KVM_CREATE_VCPU");
    struct kvm_mp_state runnable = {.mp_state = KVM_MP_STATE_RUNNABLE};
    must(ioctl(vmm->vcpu, KVM_SET_MP_STATE, &runnable) == 0, "KVM_SET_MP_STATE");
    reset(vmm);
}

uint32_t vmm_mp_state(struct vmm *vmm)
{
    struct kvm_mp_state state;
    must(ioctl(vmm->vcpu, KVM_GET_MP_STATE, &state) == 0, "KVM_GET_MP_STATE");
    return state.mp_state;
}

/* As kvm_eat_signals and qemu_wait_io_event: from here on the next kick sends its signal. */
static void take_kick(struct vmm *vmm)
{
    if (!vmm->run->immediate_exit || vmm_mp_state(vmm) != KVM_MP_STATE_RUNNABLE)
        __atomic_fetch_add(&vmm->strange, 1u, __ATOMIC_RELAXED);
    __atomic_store_n(&vmm->run->immediate_exit, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&vmm->thread_kicked, 0u, __ATOMIC_SEQ_CST);
    __atomic_store_n(&vmm->done, __atomic_load_n(&vmm->work, __ATOMIC_SEQ_CST), __ATOMIC_RELEASE);
    __atomic_fetch_add(&vmm->eintrs, 1u, __ATOMIC_RELEASE);
}

static void handle_exit(struct vmm *vmm)
{
    if (vmm->run->exit_reason != KVM_EXIT_IO) {
        fprintf(stderr, "exit %u\n", vmm->run->exit_reason);
        __atomic_store_n(&vmm->error, vmm->run->exit_reason, __ATOMIC_RELAXED);
    } else if (vmm->run->io.port == 0x10) {
        __atomic_fetch_add(&vmm->turns, 1u, __ATOMIC_RELEASE);
        if (vmm->on_turn)
            vmm->on_turn(vmm);
    } else if (vmm->run->io.port == 0x5652) {
        __atomic_fetch_add(&vmm->foreign, 1u, __ATOMIC_RELAXED);
    }
}

static void *run(void *argument)
{
    struct vmm *vmm = argument;
    sigset_t ipi;
    current = vmm;
    sigemptyset(&ipi);
    sigaddset(&ipi, SIGUSR1);
    pthread_sigmask(SIG_UNBLOCK, &ipi, NULL);
    while (!vmm->error) {
        if (ioctl(vmm->vcpu, KVM_RUN, 0) == 0) {
            handle_exit(vmm);
        } else if (errno == EINTR) {
            take_kick(vmm);
            if (__atomic_load_n(&vmm->quit, __ATOMIC_ACQUIRE)) /* only here: every kick is to be seen as its EINTR */
                break;
        } else {
            __atomic_store_n(&vmm->error, (uint32_t)errno, __ATOMIC_RELAXED);
        }
    }
    return NULL;
}

void vmm_start(struct vmm *vmm)
{
    struct sigaction action = {.sa_handler = on_ipi};
    sigset_t all, before;
    int length = ioctl(vmm->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
    must(length > 0, "KVM_GET_VCPU_MMAP_SIZE");
    sigaction(SIGUSR1, &action, NULL);
    vmm->run = mmap(NULL, (size_t)length, PROT_READ | PROT_WRITE, MAP_SHARED, vmm->vcpu, 0);
    must(vmm->run != MAP_FAILED, "mmap");
    vmm->quit = vmm->thread_kicked = 0;
    sigfillset(&all); /* as qemu_thread_create */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    must(pthread_create(&vmm->thread, NULL, run, vmm) == 0, "pthread_create");
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void vmm_kick(struct vmm *vmm)
{
    __atomic_fetch_add(&vmm->work, 1u, __ATOMIC_SEQ_CST);
    if (__atomic_exchange_n(&vmm->thread_kicked, 1u, __ATOMIC_SEQ_CST))
        return;
    __atomic_fetch_add(&vmm->kicks, 1u, __ATOMIC_RELAXED);
    pthread_kill(vmm->thread, SIGUSR1);
}

void vmm_stop(struct vmm *vmm)
{
    __atomic_store_n(&vmm->quit, 1u, __ATOMIC_RELEASE);
    vmm_kick(vmm);
    pthread_join(vmm->thread, NULL);
    munmap(vmm->run, (size_t)ioctl(vmm->kvm, KVM_GET_VCPU_MMAP_SIZE, 0));
}

void vmm_destroy(struct vmm *vmm)
{
    close(vmm->vcpu);
    close(vmm->vm);
    close(vmm->kvm);
    munmap(vmm->memory, VMM_MEMORY);
}

void vmm_interrupt(struct vmm *vmm)
{
    for (uint32_t level = 0; level < 2; level++) {
        struct kvm_irq_level line = {.irq = 1, .level = !level};
        must(ioctl(vmm->vm, KVM_IRQ_LINE, &line) == 0, "KVM_IRQ_LINE");
    }
}

unsigned vmm_word(struct vmm *vmm, unsigned address) { return *(volatile uint16_t *)(void *)(vmm->memory + address); }

int vmm_await(const uint32_t *word, uint32_t at_least)
{
    int64_t end = now_ns() + EVER;
    while ((int32_t)(__atomic_load_n(word, __ATOMIC_ACQUIRE) - at_least) < 0) {
        if (now_ns() > end)
            return 0;
        usleep(50);
    }
    return 1;
}
