/* SPDX-License-Identifier: MIT
 *
 * The shim for QEMU with KVM: stands in front of libc's ioctl and mmap.
 *
 *   VMRPC_REGION=PATH [VMRPC_SOCKET=PATH] [VMRPC_PARK=auto|halted|futex] [VMRPC_SLICE_US=N] \
 *       LD_PRELOAD=.../libvmrpc-qemu-kvm.so qemu-system-x86_64 -accel kvm ...
 *
 * ioctl tells of VMs, their irqchips and vCPUs, and is where KVM_RUN passes (run.c). mmap tells where a vCPU's run page is: the
 * mapping of its descriptor at offset 0 (the dirty ring is mapped from it too, further on). In a program that makes no VM both only
 * pass on.
 */
#define _GNU_SOURCE
#include "interpose.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "preload.h"
#include "run.h"
#include "service.h"
#include "wakeup.h"

#define EXPORT __attribute__((visibility("default")))

typedef int ioctl_function(int, unsigned long, ...);
typedef void *mmap_function(void *, size_t, int, int, int, off_t);

/* Not in a constructor: other libraries' constructors may run, and map, before ours. */
static void *next(void **cache, const char *name)
{
    void *function = __atomic_load_n(cache, __ATOMIC_RELAXED);
    if (!function) {
        function = dlsym(RTLD_NEXT, name);
        if (!function)
            abort(); /* a libc without the function that its own header declares */
        __atomic_store_n(cache, function, __ATOMIC_RELAXED);
    }
    return function;
}

int vmrpc_real_ioctl(int fd, unsigned long request, void *argument)
{
    static void *real;
    return ((ioctl_function *)next(&real, "ioctl"))(fd, request, argument);
}

static void *real_mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
    static void *real;
    return ((mmap_function *)next(&real, "mmap"))(address, length, protection, flags, fd, offset);
}

/* What a successful request on a VM's descriptor tells. */
static void learn_from_vm(int fd, unsigned long request, void *argument, int answer)
{
    struct vm *vm = vmrpc_vm_of(fd);
    if (!vm)
        return;
    if (request == KVM_CREATE_VCPU) {
        vmrpc_service_attach(vm);
        vmrpc_vcpu_made(vm, answer, (unsigned)(uintptr_t)argument);
    } else if (request == KVM_CREATE_IRQCHIP) {
        vm->lapic = 1;
    } else if (request == KVM_ENABLE_CAP && ((const struct kvm_enable_cap *)argument)->cap == KVM_CAP_SPLIT_IRQCHIP) {
        vm->lapic = 1; /* PIC and I/O APIC are QEMU's, the local APICs KVM's */
    }
}

EXPORT int ioctl(int fd, unsigned long request, ...)
{
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    request = (unsigned int)request; /* as the kernel takes it: QEMU's ints arrive sign-extended */
    if (request == KVM_RUN) {
        struct vcpu *vcpu = vmrpc_current_vcpu;
        if (!vcpu || vcpu->fd != fd)
            vcpu = vmrpc_current_vcpu = vmrpc_vcpu_of(fd);
        if (vcpu)
            return vmrpc_run(vcpu, argument);
    }
    int answer = vmrpc_real_ioctl(fd, request, argument);
    if (answer < 0)
        return answer;
    int saved = errno;
    if (request == KVM_CREATE_VM) {
        if (vmrpc_vm_made(answer))
            vmrpc_preload_spare_children();
    } else if (request == KVM_CREATE_VCPU || request == KVM_CREATE_IRQCHIP || request == KVM_ENABLE_CAP) {
        learn_from_vm(fd, request, argument, answer);
    }
    errno = saved;
    return answer;
}

EXPORT void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
    void *map = real_mmap(address, length, protection, flags, fd, offset);
    if (fd >= 0 && offset == 0 && map != MAP_FAILED) {
        struct vcpu *vcpu = vmrpc_vcpu_of(fd);
        if (vcpu)
            vcpu->run = map;
    }
    return map;
}

/* off_t has 64 bits here, so the two are one function. */
EXPORT void *mmap64(void *address, size_t length, int protection, int flags, int fd, off64_t offset) __attribute__((alias("mmap")));
