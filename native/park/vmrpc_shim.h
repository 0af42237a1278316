/* SPDX-License-Identifier: MIT
 *
 * The park core: what every shim has in common, whatever VMM (or none, in loopback) it lives in.
 *
 *   agent process               this process: VMM, or the guest itself in loopback
 *   -------------               --------------------------------------------------
 *   event + 1, FUTEX_WAKE ----> vCPU thread in vmrpc_shim_park   <---- vmrpc_shim_kick, any thread
 *   eventfd  <----------------- vmrpc_shim_doorbell
 *   <region>.sock <-----------> link thread: hello, doorbell's eventfd, notices the agent's death
 *
 * The guest can write every byte of the region, so nothing that steers this code is read from there twice, and nothing that
 * the shim itself relies on (link state, counters, geometry) is kept there.
 */
#ifndef VMRPC_SHIM_H
#define VMRPC_SHIM_H

#include <stddef.h>
#include <stdint.h>

#include "vmrpc_abi.h"

struct vmrpc_shim;

struct vmrpc_shim_config {
    const char *region; /* path of the region file */
    const char *socket; /* path of the agent's socket; NULL: "<region>.sock" */
    enum vmrpc_shim_kind kind;
    enum vmrpc_instruction instruction;
    enum vmrpc_kick_mode kick_mode;
    enum vmrpc_park_mode park_mode; /* only announced: who halts does the waiting itself, between begin and end */
    unsigned slots;      /* vCPUs that can park; 0: as many as the region has slots */
    int64_t slice_ns;    /* longest park in kick mode SLICES; 0: 1 ms */
    int64_t bound_ns;    /* longest park at all; 0: VMRPC_MAX_PARK_NS, which is also the maximum */
    int without_waitv;   /* 1: do as on a kernel that lacks futex_waitv */
    void (*log)(void *context, const char *line); /* called from the link's thread and from the opener's; NULL: silent */
    void *log_context;
};

/* Opens the region, takes the shim's lock, announces the shim and starts the link's thread. The agent need not run yet.
 * NULL on failure, with one sentence in `error`. */
struct vmrpc_shim *vmrpc_shim_open(const struct vmrpc_shim_config *config, char *error, size_t error_length);

/* Ends every park, waits until their threads have left, and withdraws the shim. No call on `shim` may begin afterwards. */
void vmrpc_shim_close(struct vmrpc_shim *shim);

/* The park hypercall. On the thread of the vCPU whose index is `slot`, one thread at a time per slot. */
enum vmrpc_wake_reason vmrpc_shim_park(struct vmrpc_shim *shim, unsigned slot);

/* The doorbell hypercall. Any thread. */
void vmrpc_shim_doorbell(struct vmrpc_shim *shim);

/* Ends the park of `slot`, or its next one if it is not parked now. Any thread, async-signal-safe, keeps errno. */
void vmrpc_shim_kick(struct vmrpc_shim *shim, unsigned slot);

/* From now on every park returns REFUSED at once, and the region says why. Any thread. */
void vmrpc_shim_refuse(struct vmrpc_shim *shim, enum vmrpc_refusal refusal);

/* Kicks turned out not to arrive: parks last at most a slice from now on. Any thread. */
void vmrpc_shim_fall_back_to_slices(struct vmrpc_shim *shim);

/* The VMM's kicks of this slot set bits of `mask` in `*word` (kvm_run->immediate_exit, say) and interrupt the slot's thread by
 * a signal. Parks end with KICK while one is set. On the slot's thread, before a park; NULL: no such word. */
void vmrpc_shim_watch_kicks(struct vmrpc_shim *shim, unsigned slot, const uint32_t *word, uint32_t mask);

/* Sees to it that a thread calls `wake` after each move of the slot's event and after each alarm (kick, lost link, refusal,
 * close): for a vCPU that waits where no futex reaches it. `wake` runs on that thread, which has the calling thread's scheduling and
 * every signal blocked. 0, or an errno. On the slot's thread, before each park; `now_ns` is CLOCK_MONOTONIC. */
int vmrpc_shim_keep_waker(struct vmrpc_shim *shim, unsigned slot, int64_t now_ns, void (*wake)(void *context), void *context);

enum vmrpc_kick_mode vmrpc_shim_kick_mode(const struct vmrpc_shim *shim);
unsigned vmrpc_shim_slots(const struct vmrpc_shim *shim);

/* vmrpc_shim_park in its three steps, for a shim that waits otherwise than in a futex (halted inside KVM_RUN, say).
 * begin answers 0 if the park is over already; end publishes `reason` and must follow every begin. */
struct vmrpc_park {
    struct vmrpc_shim *shim;
    unsigned slot;
    uint32_t expected;
    const uint32_t *event; /* in the region: hostile, read it once per decision */
    int64_t entered_ns;
    int64_t until_ns; /* CLOCK_MONOTONIC */
    enum vmrpc_wake_reason reason_at_until;
    enum vmrpc_wake_reason reason;
    int waited;
    int foretold; /* INTERRUPT was published before the vCPU halted */
};
int vmrpc_park_begin(struct vmrpc_shim *shim, unsigned slot, struct vmrpc_park *park);
void vmrpc_park_wait(struct vmrpc_park *park); /* sets reason */
int vmrpc_park_is_over(struct vmrpc_park *park); /* 1, with reason set: event, kick, agent lost, closing; does not look at the clock */
int64_t vmrpc_monotonic_ns(void); /* the clock of until_ns */
int vmrpc_park_is_due(struct vmrpc_park *park); /* 1, with reason set: the time is over */
void vmrpc_park_foretell(struct vmrpc_park *park); /* R44: publishes INTERRUPT before the vCPU halts; end corrects it */
void vmrpc_park_end(struct vmrpc_park *park);

#endif
