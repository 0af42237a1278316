/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "vmrpc.h"
#include "vmrpc_shim.h"

/* The instructions carry a memory clobber: the guest's stores to its slot are issued before them and the shim's line is read after.
 * The fence that orders them for the agent (G5 of docs/protocol.md) is the caller's. */
static inline void out(uint32_t call)
{
    __asm__ volatile("outl %%eax, %%dx" : : "a"(call), "d"((uint16_t)VMRPC_PORT) : "memory");
}

static struct vmrpc_shim *shim_of(int64_t gate) { return (struct vmrpc_shim *)(intptr_t)gate; }

static int is_instruction(int64_t gate) { return gate >= VMRPC_INSTRUCTION_NONE && gate <= VMRPC_INSTRUCTION_OUT; }

int64_t vmrpc_gate_open(const char *region, const char *socket, int slots, char *error, int error_length)
{
    struct vmrpc_shim_config config = {
        .region = region,
        .socket = socket,
        .kind = VMRPC_SHIM_LOOPBACK,
        .instruction = VMRPC_INSTRUCTION_CALL,
        .kick_mode = VMRPC_KICK_HOOK, /* vmrpc_kick is the hook */
        .slots = slots > 0 ? (unsigned)slots : 0,
    };
    return (int64_t)(intptr_t)vmrpc_shim_open(&config, error, error_length > 0 ? (size_t)error_length : 0);
}

void vmrpc_gate_close(int64_t gate)
{
    if (!is_instruction(gate))
        vmrpc_shim_close(shim_of(gate));
}

int vmrpc_park(int64_t gate, int slot)
{
    switch (gate) {
    case VMRPC_INSTRUCTION_NOP:
        __asm__ volatile(VMRPC_INSN_PARK_BYTES : : : "memory");
        return 0;
    case VMRPC_INSTRUCTION_OUT:
        out(VMRPC_CALL_PARK);
        return 0;
    default:
        if (is_instruction(gate))
            return -EINVAL;
        return (int)vmrpc_shim_park(shim_of(gate), (unsigned)slot);
    }
}

int vmrpc_doorbell(int64_t gate)
{
    switch (gate) {
    case VMRPC_INSTRUCTION_NOP:
        __asm__ volatile(VMRPC_INSN_DOORBELL_BYTES : : : "memory");
        return 0;
    case VMRPC_INSTRUCTION_OUT:
        out(VMRPC_CALL_DOORBELL);
        return 0;
    default:
        if (is_instruction(gate))
            return -EINVAL;
        vmrpc_shim_doorbell(shim_of(gate));
        return 0;
    }
}

int vmrpc_kick(int64_t gate, int slot)
{
    if (is_instruction(gate))
        return -EINVAL;
    vmrpc_shim_kick(shim_of(gate), (unsigned)slot);
    return 0;
}
