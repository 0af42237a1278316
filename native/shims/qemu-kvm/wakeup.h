/* SPDX-License-Identifier: MIT
 *
 * Ending a halted wait from outside: one real-time signal, sent by the vCPU's timer at the deadline and by the slot's waker at an
 * event or alarm.
 */
#ifndef VMRPC_KVM_WAKEUP_H
#define VMRPC_KVM_WAKEUP_H

#include "vcpu.h"

/* Once per process, before anything else here. 0, or an errno that vmrpc_wakeup_failure explains. */
int vmrpc_wakeup_install(void);
const char *vmrpc_wakeup_failure(int error);

/* Binds the vCPU to the calling thread: its timer, its signal mask, its slot's waker. 0, or an errno. Cheap when nothing changed. */
int vmrpc_wakeup_bind(struct vcpu *vcpu, const struct vmrpc_park *park);

void vmrpc_wakeup_at(const struct vcpu *vcpu, int64_t deadline_ns);
void vmrpc_wakeup_cancel(const struct vcpu *vcpu);

/* The vCPU whose KVM_RUN the calling thread executes, for the handler. */
extern __thread struct vcpu *vmrpc_current_vcpu __attribute__((tls_model("initial-exec")));

/* ioctl(fd, KVM_RUN, 0), or -EINTR at once if the signal came since `*signalled` was last 0. 0 or -errno. */
int vmrpc_run_unless(int fd, const volatile uint32_t *signalled);

#endif
