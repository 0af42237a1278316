/* SPDX-License-Identifier: Apache-2.0
 *
 * Divisions as client/clock.c asks for them; a 64-bit CPU has them.
 */
#ifndef LINUX_NUMBER_H
#define LINUX_NUMBER_H

#include <stdint.h>

static inline uint32_t divide(uint64_t *value, uint32_t divisor)
{
    uint32_t rest = (uint32_t)(*value % divisor);
    *value /= divisor;
    return rest;
}

static inline uint64_t divide64(uint64_t dividend, uint64_t divisor) { return dividend / divisor; }

#endif
