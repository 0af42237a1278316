/* SPDX-License-Identifier: Apache-2.0
 *
 * The same words as native/guest/cpu.h for a process of a 64-bit Linux guest: what client/ needs of a machine.
 */
#ifndef LINUX_CPU_H
#define LINUX_CPU_H

#include <stdint.h>
#include <sys/io.h>
#include <time.h>

static inline int64_t now_ns(clockid_t clock)
{
    struct timespec ts;
    clock_gettime(clock, &ts); /* in the vDSO: no system call with the tsc as clocksource */
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* The guest's clock as a count of nanoseconds: then a tick of client/clock.c is one nanosecond. */
static inline uint64_t read_tsc(void) { return (uint64_t)now_ns(CLOCK_MONOTONIC); }

static inline void out32(uint16_t port, uint32_t value) { outl(value, port); }

static inline void full_fence(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

static inline uint32_t load_acquire32(const volatile uint32_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }

static inline void store_release32(volatile uint32_t *word, uint32_t value) { __atomic_store_n(word, value, __ATOMIC_RELEASE); }

static inline uint64_t load_acquire64(const volatile uint64_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }

#endif
