/* SPDX-License-Identifier: Apache-2.0
 *
 * A VMM of one vCPU that kicks as QEMU 7.2 does: the kicker queues work, and sends SIGUSR1 unless the thread was kicked already;
 * the handler sets immediate_exit; the loop clears it after EINTR and only then takes the next kick.
 */
#ifndef VMRPC_TEST_VMM_H
#define VMRPC_TEST_VMM_H

#include <linux/kvm.h>
#include <pthread.h>
#include <stdint.h>

#define VMM_MEMORY 0x10000u
#define GUEST_JOB 0x500u
#define GUEST_VALUE 0x504u
#define GUEST_INTERRUPTS 0x508u
#define GUEST_HALTS 0x50au
enum { JOB_OUT = 0, JOB_OUT_WORD = 1, JOB_OUT_BYTE = 2, JOB_IN = 3, JOB_OUT_THEN_HLT = 4 };

struct vmm {
    int kvm, vm, vcpu;
    struct kvm_run *run;
    unsigned char *memory;
    pthread_t thread;
    /* of the vCPU's thread, read by others with atomics */
    uint32_t turns;   /* times the guest told that its job is done */
    uint32_t eintrs;  /* EINTRs of KVM_RUN */
    uint32_t strange; /* EINTRs without a kick, or with a vCPU that is not runnable */
    uint32_t foreign; /* exits at the hypercall's port that reached the VMM */
    uint32_t error;   /* errno of a KVM_RUN that failed otherwise */
    /* kicks */
    uint32_t thread_kicked, kicks, work, done, quit;
    /* called at each turn, on the vCPU's thread, while the guest stands still */
    void (*on_turn)(struct vmm *vmm);
};

enum vmm_irqchip { VMM_IRQCHIP, VMM_NO_IRQCHIP };

int vmm_available(void); /* 0, and says so, where /dev/kvm cannot be used */
void vmm_create(struct vmm *vmm, enum vmm_irqchip irqchip, unsigned vcpu_id);
void vmm_start(struct vmm *vmm); /* maps the run page and starts the vCPU's thread */
void vmm_stop(struct vmm *vmm);  /* ends the thread by a kick, and unmaps the run page; the descriptor stays, as QEMU keeps it */
void vmm_destroy(struct vmm *vmm);

void vmm_kick(struct vmm *vmm);      /* any thread */
void vmm_interrupt(struct vmm *vmm); /* IRQ 1, any thread */
uint32_t vmm_mp_state(struct vmm *vmm);
unsigned vmm_word(struct vmm *vmm, unsigned address);
int vmm_await(const uint32_t *word, uint32_t at_least); /* 0 if it did not come in EVER */

#endif
