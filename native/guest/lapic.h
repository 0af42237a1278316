/* SPDX-License-Identifier: Apache-2.0
 *
 * The local APIC's registers (Intel SDM volume 3, chapter "Advanced programmable interrupt controller").
 */
#ifndef GUEST_LAPIC_H
#define GUEST_LAPIC_H

#include "memory.h"

#define LAPIC_ID 0x20
#define LAPIC_EOI 0xb0
#define LAPIC_SPURIOUS 0xf0
#define LAPIC_COMMAND 0x300
#define LAPIC_COMMAND_TO 0x310
#define LAPIC_TIMER 0x320
#define LAPIC_LINT0 0x350
#define LAPIC_INITIAL 0x380
#define LAPIC_CURRENT 0x390
#define LAPIC_DIVIDE 0x3e0
#define LAPIC_ENABLED 0x100u
#define LAPIC_BY_16 3u
#define LAPIC_EXTERNAL 0x700u

static inline uint32_t lapic_read(uint32_t offset)
{
    return *(volatile uint32_t *)high_memory(UINT32_C(0xfee00000) + offset);
}

static inline void lapic_write(uint32_t offset, uint32_t value)
{
    *(volatile uint32_t *)high_memory(UINT32_C(0xfee00000) + offset) = value;
}

#endif
