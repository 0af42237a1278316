/* SPDX-License-Identifier: Apache-2.0
 *
 * Real mode: four bytes for each vector from address 0, offset and segment. */
#include "memory.h"
#include "vectors.h"

#define CODE_SEGMENT 0x1000u

void vector_set(uint32_t vector, void (*handler)(void))
{
    volatile uint32_t *table = (volatile uint32_t *)high_memory(0);
    table[vector] = CODE_SEGMENT << 16 | (uint32_t)handler;
}

void vectors_load(void)
{
}
