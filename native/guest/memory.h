/* SPDX-License-Identifier: Apache-2.0
 *
 * Large arrays stand above 1 MiB: gcc -m16 addresses variables by 16 bits, and only pointers reach beyond 64 KiB.
 */
#ifndef GUEST_MEMORY_H
#define GUEST_MEMORY_H

#include "vmrpc_abi.h"

#define SAMPLES 65536u

struct sample {
    int64_t late_ns; /* by the guest's clock, when the guest runs again */
    int64_t wake_ns; /* by the host's clock, when the shim returned */
};

/* Opaque to the compiler, which would otherwise fold it into a 16-bit address. */
static inline uint32_t high_memory(uint32_t address)
{
    __asm__("" : "+r"(address));
    return address;
}

static inline struct sample *samples(void)
{
    return (struct sample *)high_memory(0x200000);
}

static inline uint32_t *tick_samples(void)
{
    return (uint32_t *)high_memory(0x300000);
}

static inline uint8_t *reply_buffer(void)
{
    return (uint8_t *)high_memory(0x400000);
}

static inline uint8_t *request_buffer(void)
{
    return (uint8_t *)high_memory(0x400000 + VMRPC_MAX_PAYLOAD);
}

#endif
