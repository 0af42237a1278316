/* SPDX-License-Identifier: Apache-2.0
 *
 * The guest's half of the handshake of section 7 (G1 to G8) on the slot of one vCPU.
 */
#ifndef CLIENT_PARK_H
#define CLIENT_PARK_H

#include "clock.h"
#include "region.h"

struct vcpu {
    uint32_t index; /* in the VMM; without an operating system the local APIC's number, which QEMU deals out in the same order */
    uint32_t instruction;
    volatile struct vmrpc_slot *slot;
    uint64_t acks;
    struct clock clock;
    struct observation last;
    uint32_t reasons[VMRPC_WAKE_INTERRUPT + 1]; /* how many parks ended so */
};

/* What a park waits for: looked at between arming and the hypercall. Returns 1 if it is there. May be null: nothing but time. */
typedef int pending_fn(void *context);

enum park_outcome {
    PARK_SKIPPED,     /* what was waited for is there already */
    PARK_ANSWERED,    /* the shim has acknowledged (R28): reason and times are new */
    PARK_UNANSWERED   /* no shim serves this slot */
};

void vcpu_bind(struct vcpu *vcpu, const struct region *region, uint32_t index);

/* Measures the clocks against each other; takes a tenth of a second. Returns 0 if no shim answers on this slot. */
int vcpu_calibrate(struct vcpu *vcpu);

/* A hypercall that does not park (R26): bounds the clock. */
enum park_outcome vcpu_probe(struct vcpu *vcpu);

/* Parks once, until an event, the deadline, or for no reason at all (R32). */
enum park_outcome park(struct vcpu *vcpu, pending_fn *pending, void *context, int64_t deadline_ns, uint32_t flags);

/* The same in parts, for a caller that enters the shim in its own way: G1; G3 to G5; what the shim answered, and G8. The
 * times are those of read_tsc() before and after the hypercall. */
uint32_t park_event(const struct vcpu *vcpu);
void park_arm(struct vcpu *vcpu, uint32_t expected, int64_t deadline_ns, uint32_t flags);
enum park_outcome park_disarm(struct vcpu *vcpu, uint64_t before, uint64_t after);

/* Host time now. */
int64_t host_now(const struct vcpu *vcpu);

uint32_t park_reason(const struct vcpu *vcpu);

#endif
