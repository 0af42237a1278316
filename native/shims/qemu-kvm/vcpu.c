/* SPDX-License-Identifier: MIT */
#include "vcpu.h"

#include <pthread.h>
#include <stdlib.h>

static struct vm *vms;     /* lists that only grow, at their heads */
static struct vcpu *vcpus;
static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;

struct vm *vmrpc_vm_of(int fd)
{
    struct vm *vm = __atomic_load_n(&vms, __ATOMIC_ACQUIRE);
    while (vm && vm->fd != fd)
        vm = vm->next;
    return vm;
}

struct vcpu *vmrpc_vcpu_of(int fd)
{
    struct vcpu *vcpu = __atomic_load_n(&vcpus, __ATOMIC_ACQUIRE);
    while (vcpu && vcpu->fd != fd)
        vcpu = vcpu->next;
    return vcpu;
}

struct vm *vmrpc_vm_made(int fd)
{
    pthread_mutex_lock(&making);
    struct vm *vm = vmrpc_vm_of(fd);
    if (vm) {
        vm->lapic = 0;
    } else if ((vm = calloc(1, sizeof *vm)) != NULL) {
        vm->fd = fd;
        vm->next = vms;
        __atomic_store_n(&vms, vm, __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&making);
    return vm;
}

struct vcpu *vmrpc_vcpu_made(struct vm *vm, int fd, unsigned id)
{
    pthread_mutex_lock(&making);
    struct vcpu *vcpu = vmrpc_vcpu_of(fd);
    int known = vcpu != NULL;
    if (!known && (vcpu = aligned_alloc(VMRPC_LINE, sizeof *vcpu)) != NULL)
        *vcpu = (struct vcpu){.fd = fd, .stats_fd = -1, .next = vcpus};
    if (vcpu) {
        vcpu->slot = id;
        vcpu->vm = vm;
        vcpu->run = NULL;
        vcpu->bound_run = NULL; /* what was prepared was another vCPU's */
    }
    if (vcpu && !known)
        __atomic_store_n(&vcpus, vcpu, __ATOMIC_RELEASE);
    pthread_mutex_unlock(&making);
    return vcpu;
}
