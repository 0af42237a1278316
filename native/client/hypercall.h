/* SPDX-License-Identifier: Apache-2.0
 *
 * The two hypercalls (docs/protocol.md, section 6), in the form that the shim line asks for. Both do nothing without a shim (R25).
 */
#ifndef CLIENT_HYPERCALL_H
#define CLIENT_HYPERCALL_H

#include "cpu.h"
#include "vmrpc_abi.h"

static inline void hypercall_park(uint32_t instruction)
{
    if (instruction == VMRPC_INSTRUCTION_OUT)
        out32(VMRPC_PORT, VMRPC_CALL_PARK);
    else
        __asm__ volatile(VMRPC_INSN_PARK_BYTES : : : "memory");
}

static inline void hypercall_doorbell(uint32_t instruction)
{
    if (instruction == VMRPC_INSTRUCTION_OUT)
        out32(VMRPC_PORT, VMRPC_CALL_DOORBELL);
    else
        __asm__ volatile(VMRPC_INSN_DOORBELL_BYTES : : : "memory");
}

#endif
