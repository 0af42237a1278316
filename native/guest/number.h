/* SPDX-License-Identifier: Apache-2.0
 *
 * What libgcc and libc would give: no 32-bit libgcc is assumed.
 */
#ifndef GUEST_NUMBER_H
#define GUEST_NUMBER_H

#include <stdint.h>

/* Divides in place and returns the remainder. */
uint32_t divide(uint64_t *value, uint32_t divisor);

/* dividend / divisor for any 64-bit divisor but 0. */
uint64_t divide64(uint64_t dividend, uint64_t divisor);

int same_text(const char *a, const char *b);

/* xorshift32: a guest that is hostile by a seed is hostile the same way again. The state must not be 0. */
uint32_t next_random(uint32_t *state);

/* Sorts in place, ascending. */
void sort(uint32_t *values, uint32_t count);

#endif
