/* SPDX-License-Identifier: Apache-2.0
 *
 * The vector table: vectors16.c for real mode, vectors32.c for protected mode.
 */
#ifndef GUEST_VECTORS_H
#define GUEST_VECTORS_H

#include <stdint.h>

#define VECTORS 64u

void vector_set(uint32_t vector, void (*handler)(void));
void vectors_load(void);

#endif
