/* SPDX-License-Identifier: Apache-2.0
 *
 * Protected mode: the interrupt descriptor table. */
#include "vectors.h"

#define CODE_SELECTOR 0x08u
#define INTERRUPT_GATE 0x8e00u

static uint64_t table[VECTORS];

void vector_set(uint32_t vector, void (*handler)(void))
{
    uint32_t offset = (uint32_t)handler;
    table[vector] = (uint64_t)((offset & 0xffff0000u) | INTERRUPT_GATE) << 32 | CODE_SELECTOR << 16 | (offset & 0xffffu);
}

void vectors_load(void)
{
    struct {
        uint16_t limit;
        uint32_t base;
    } __attribute__((packed)) where = {sizeof table - 1, (uint32_t)table};
    __asm__ volatile("lidt %0" : : "m"(where));
}
