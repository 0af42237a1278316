/* SPDX-License-Identifier: MIT */
#ifndef VMRPC_KVM_RUN_H
#define VMRPC_KVM_RUN_H

#include "vcpu.h"

/* ioctl(KVM_RUN) for the VMM: returns what KVM_RUN returns, but for exits that are hypercalls. */
int vmrpc_run(struct vcpu *vcpu, void *argument);

/* How a park hands over to the loop of KVM_RUNs. */
enum after_park {
    AFTER_ENTER, /* enter KVM_RUN again: it completes the `out`, and answers EINTR if the VMM's kick is pending */
    AFTER_EXIT,  /* the guest ran on while the park was still ours, and stands in another exit */
    AFTER_ERROR  /* KVM_RUN failed, errno says how: the VMM's business */
};

enum after_park vmrpc_halted_park(struct vcpu *vcpu, struct vmrpc_shim *shim);
void vmrpc_futex_park(struct vcpu *vcpu, struct vmrpc_shim *shim);

/* The byte that the VMM's kick sets. Only ever read here. */
int vmrpc_kick_is_pending(const struct vcpu *vcpu);

#endif
