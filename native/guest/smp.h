/* SPDX-License-Identifier: Apache-2.0
 *
 * The second CPU: it does what the first one writes on a slate in memory, so that one works while the other is parked.
 */
#ifndef GUEST_SMP_H
#define GUEST_SMP_H

#include "park.h"

enum second_cpu_work {
    SECOND_IDLE,      /* looks at the slate */
    SECOND_COUNTS,    /* counts up */
    SECOND_PARKS,     /* parks on its slot until `deadline_ns`, again and again */
    SECOND_CALLS      /* executes park hypercalls on a slot that is not armed */
};

struct slate {
    volatile uint32_t alive;
    volatile uint32_t work;    /* enum second_cpu_work */
    volatile uint32_t counter; /* moves while it counts or calls */
    volatile uint32_t parks;   /* parks that have returned */
    volatile uint32_t is_late; /* parks that returned after their deadline */
    volatile int64_t deadline_ns; /* for SECOND_PARKS; written before `work` */
};
extern struct slate slate;

/* Starts it by INIT and start-up interrupts. 0, or why it did not start. `vcpu` is its slot. */
const char *second_cpu_start(struct vcpu *first, struct vcpu *second);

#endif
