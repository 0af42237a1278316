/* SPDX-License-Identifier: MIT
 *
 * What the interposer knows of the process: its VMs and vCPUs, by file descriptor.
 *
 * Records are made when KVM makes the descriptor, found without a lock, and never freed: a descriptor number that comes back is the
 * same record with new contents. QEMU keeps the descriptor of an unplugged vCPU and uses it again for the next one of that
 * id, without KVM_CREATE_VCPU: only a new mapping of the run page and a new thread show it.
 */
#ifndef VMRPC_KVM_VCPU_H
#define VMRPC_KVM_VCPU_H

#include <linux/kvm.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "vmrpc_shim.h"

struct vm {
    struct vm *next;
    int fd;
    int lapic; /* 1: KVM has this VM's local APICs */
};

/* Does the vCPU wait halted, or is about to? */
enum vcpu_wait {
    VCPU_RUNS,
    VCPU_WAITS,    /* the waker shall signal */
    VCPU_SIGNALLED /* it has, or is at it */
};

struct vcpu {
    struct vcpu *next;
    int fd;
    unsigned slot;       /* the id that KVM_CREATE_VCPU was given */
    struct vm *vm;
    struct kvm_run *run; /* NULL: not mapped yet */
    /* the vCPU's thread only, until the next group */
    pid_t tid;      /* 0: not prepared for halting */
    timer_t timer;  /* of thread `tid` */
    int64_t lead_ns; /* how long before a deadline a wait ends; lead.h */
    struct kvm_run *bound_run; /* the mapping that `tid` was prepared with */
    int stats_fd;   /* -1: none */
    off_t stats_halts; /* where in stats_fd the guest's own HLTs are counted */
    /* shared with the waker's thread */
    uint32_t halted __attribute__((aligned(VMRPC_LINE))); /* enum vcpu_wait */
    pid_t wakes;    /* = tid, stored before `halted` */
    /* written by the handler, on the vCPU's own thread */
    volatile uint32_t signalled;
};

struct vm *vmrpc_vm_made(int fd);
struct vm *vmrpc_vm_of(int fd); /* NULL: not a VM */
struct vcpu *vmrpc_vcpu_made(struct vm *vm, int fd, unsigned id);
struct vcpu *vmrpc_vcpu_of(int fd); /* NULL: not a vCPU */

#endif
