/* SPDX-License-Identifier: Apache-2.0
 *
 * One shim with its region, and what the protocol says that it must answer.
 */
#ifndef VMRPC_PARK_MACHINE_H
#define VMRPC_PARK_MACHINE_H

#include "fuzz.h"
#include "shim.h"

#define BOUND_NS INT64_C(400000)
#define SLICE_NS INT64_C(150000)
#define KICK_MASK 0xff00u

/* What the model remembers of a slot, kept apart from the shim. */
struct expectation {
    uint64_t acks;
    int kicked, lost; /* not reported yet */
    int marked;       /* in the VMM's own word: lasts until the VMM clears it */
    unsigned parks_since_kick; /* settling: see park.c */
    int open;          /* between begin and end */
    int waits;         /* begin answered 1 and nothing has ended the park since */
    int foretold;
    struct vmrpc_park park;
};

struct machine {
    struct vmrpc_shim *shim;
    struct vmrpc_header *header; /* our own mapping, the guest's and the agent's side */
    uint8_t *bytes;              /* the same */
    uint8_t *shadow;             /* what guest and agent stored: all lines but the shim's must equal it */
    unsigned slots;
    int refused, slices, up, own_words;
    uint32_t kick_word[REGION_SLOTS];
    uint32_t wakes;
    int disturbed; /* another thread acts meanwhile: only what always holds is checked */
    struct expectation slot[REGION_SLOTS];
};

void machine_open(struct machine *m, unsigned config);
void machine_close(struct machine *m);

struct vmrpc_slot *machine_slot(struct machine *m, unsigned slot);
/* A store by guest or agent, cut at the region's end. */
void machine_store(struct machine *m, size_t offset, const void *bytes, size_t n);
/* No line but the shim's differs from what guest and agent stored (R2). */
void machine_check_lines(struct machine *m);

/* Parks in whole and checks the answer against the model; a park of a hostile guest only against what always holds. */
void machine_park(struct machine *m, unsigned slot);
/* The same in pieces. */
void machine_begin(struct machine *m, unsigned slot);
void machine_is_over(struct machine *m, unsigned slot);
void machine_foretell(struct machine *m, unsigned slot);
void machine_wait(struct machine *m, unsigned slot);
void machine_end(struct machine *m, unsigned slot, enum vmrpc_wake_reason otherwise);

/* Something that the model does not follow has happened to the slots: take over what is pending from the shim. */
void machine_resync(struct machine *m);
uint64_t machine_rings(struct machine *m); /* of the doorbell since the last call */

#endif
