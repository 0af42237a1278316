/* SPDX-License-Identifier: Apache-2.0 */
#include "number.h"

#include <stddef.h>

uint32_t divide(uint64_t *value, uint32_t divisor)
{
    uint32_t high = (uint32_t)(*value >> 32);
    uint32_t low = (uint32_t)*value;
    uint32_t rest = high % divisor;
    high /= divisor;
    __asm__("divl %2" : "+a"(low), "+d"(rest) : "r"(divisor) : "cc"); /* the quotient fits: rest < divisor */
    *value = (uint64_t)high << 32 | low;
    return rest;
}

uint64_t divide64(uint64_t dividend, uint64_t divisor)
{
    uint64_t quotient = 0;
    uint64_t rest = 0;
    for (int bit = 63; bit >= 0; bit--) {
        int carry = rest >> 63 != 0;
        rest = rest << 1 | (dividend >> 63);
        dividend <<= 1;
        quotient <<= 1;
        if (carry || rest >= divisor) {
            rest -= divisor;
            quotient |= 1;
        }
    }
    return quotient;
}

int same_text(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

void sort(uint32_t *values, uint32_t count)
{
    for (uint32_t gap = count / 2; gap; gap /= 2)
        for (uint32_t i = gap; i < count; i++) {
            uint32_t value = values[i];
            uint32_t at = i;
            for (; at >= gap && values[at - gap] > value; at -= gap)
                values[at] = values[at - gap];
            values[at] = value;
        }
}

/* gcc calls these for structs and loops, also with -ffreestanding. */
void *memset(void *to, int value, size_t count)
{
    void *begin = to;
    __asm__ volatile("rep stosb %%al, %%es:(%%edi)" : "+D"(to), "+c"(count) : "a"(value) : "memory");
    return begin;
}

void *memcpy(void *restrict to, const void *restrict from, size_t count)
{
    void *begin = to;
    __asm__ volatile("rep movsb %%ds:(%%esi), %%es:(%%edi)" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
    return begin;
}
