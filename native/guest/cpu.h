/* SPDX-License-Identifier: Apache-2.0
 *
 * What the CPU does for us: ports, time stamps, interrupts, and the fences of the protocol.
 *
 * Only i586 instructions, no SSE: KVM's instruction emulator, which runs this guest where there is no hardware virtualisation,
 * knows neither mfence nor movq.
 */
#ifndef GUEST_CPU_H
#define GUEST_CPU_H

#include <stddef.h>
#include <stdint.h>

static inline void out8(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void out16(uint16_t port, uint16_t value)
{
    __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void out32(uint16_t port, uint32_t value)
{
    __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline uint8_t in8(uint16_t port)
{
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port) : "memory");
    return value;
}

static inline uint32_t in32(uint16_t port)
{
    uint32_t value;
    __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port) : "memory");
    return value;
}

static inline uint64_t read_tsc(void)
{
    uint64_t value;
    __asm__ volatile("rdtsc" : "=A"(value) : : "memory");
    return value;
}

static inline void interrupts_off(void)
{
    __asm__ volatile("cli" : : : "memory");
}

static inline void interrupts_on(void)
{
    __asm__ volatile("sti" : : : "memory");
}

/* sti holds interrupts back for one instruction: none comes between the two and is slept through. */
static inline void interrupts_on_and_halt(void)
{
    __asm__ volatile("sti\n\thlt" : : : "memory");
}

static inline void relax(void)
{
    __asm__ volatile("pause" : : : "memory");
}

/* No load passes it before the stores ahead of it are seen by everyone: x86 reorders a store with a later load, and nothing else. */
static inline void full_fence(void)
{
    __asm__ volatile("lock; orl $0, (%%esp)" : : : "memory", "cc");
}

/* Words of the region. x86 gives every load acquire and every store release order; volatile and the clobber bind the compiler. */

static inline uint32_t load_acquire32(const volatile uint32_t *word)
{
    uint32_t value = *word;
    __asm__ volatile("" : : : "memory");
    return value;
}

static inline void store_release32(volatile uint32_t *word, uint32_t value)
{
    __asm__ volatile("" : : : "memory");
    *word = value;
}

/* Of a word that the other side stores whole. A 32-bit CPU has no plain 64-bit load, and cmpxchg8b would store (R2). So: the high
 * half stood still around the low one. Counters never come back to a value, and epochs change once in an agent's life. */
static inline uint64_t load_acquire64(const volatile uint64_t *word)
{
    const volatile uint32_t *half = (const volatile uint32_t *)word;
    for (;;) {
        uint32_t high = load_acquire32(half + 1);
        uint32_t low = load_acquire32(half);
        if (load_acquire32(half + 1) == high)
            return (uint64_t)high << 32 | low;
    }
}

/* Of a word that only we write: the agent never sees one half of it. */
static inline void store_release64(volatile uint64_t *word, uint64_t value)
{
    uint64_t old = *word;
    __asm__ volatile("1: lock; cmpxchg8b %0\n\tjne 1b"
                     : "+m"(*word), "+A"(old)
                     : "b"((uint32_t)value), "c"((uint32_t)(value >> 32))
                     : "memory", "cc");
}

#endif
