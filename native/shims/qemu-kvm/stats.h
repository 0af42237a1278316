/* SPDX-License-Identifier: MIT
 *
 * How often the guest itself executed HLT, from KVM's binary statistics (Linux 5.14).
 */
#ifndef VMRPC_KVM_STATS_H
#define VMRPC_KVM_STATS_H

#include "vcpu.h"

void vmrpc_stats_open(struct vcpu *vcpu);
void vmrpc_stats_close(struct vcpu *vcpu);
uint64_t vmrpc_stats_halts(const struct vcpu *vcpu); /* always 0 where KVM does not tell */

#endif
