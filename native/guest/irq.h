/* SPDX-License-Identifier: Apache-2.0
 *
 * The guest's own interrupts: the PIT behind the PIC, and the local APIC's timer.
 */
#ifndef GUEST_IRQ_H
#define GUEST_IRQ_H

#include <stdint.h>

struct irq_times {
    volatile uint32_t count; /* interrupts handled */
    volatile uint64_t tsc;   /* when the last handler began */
};
extern struct irq_times irq_times;

/* Vector table and PIC, all masked; interrupts stay off until interrupts_on. */
void irq_begin(void);

/* 1 if a timer interrupt arrives at all. Leaves interrupts off. */
int irq_works(void);
#define NO_INTERRUPTS "no timer interrupt arrives in this machine"

/* The PIT runs at 1193182 Hz and counts 16 bits, so 18.2 Hz at least and 54.9 ms at most. */
#define PIT_HZ 1193182u
void pit_periodic(uint32_t hz);
void pit_once(uint32_t counts);
void pit_stop(void);

/* The local APIC's timer, by 16: one-shot, counts at a rate that lapic_counts tells. */
void lapic_begin(void);
uint32_t lapic_counts(void);
void lapic_once(uint32_t counts);

#endif
