/* SPDX-License-Identifier: Apache-2.0
 *
 * A region in a temporary folder, seen from the guest's and the agent's side, and an agent that only links.
 */
#ifndef VMRPC_FIXTURE_H
#define VMRPC_FIXTURE_H

#include <pthread.h>

#include "vmrpc_shim.h"

#define FIXTURE_SLOTS 4u
#define MS INT64_C(1000000)
#define EVER INT64_C(10000000000) /* 10 s: far above what any wait here takes, below the watchdog */

struct region {
    char folder[64], path[96], socket[104];
    struct vmrpc_header *header;
    struct vmrpc_slot *slot;
    uint64_t length;
};

void region_create(struct region *r);
void region_remove(struct region *r);

struct vmrpc_shim_config region_config(const struct region *r);
struct vmrpc_shim *region_shim(const struct region *r); /* loopback, kick mode HOOK; aborts if it cannot open */

/* Runs the steps with a region and its open shim, twice: with futex_waitv, and as on a kernel without it. */
void with_each_wait(void (*steps)(struct region *r, struct vmrpc_shim *shim));

int64_t now_ns(void);
/* Arms slot 0 as a guest would: expected is the present event. */
void arm(struct region *r, int64_t deadline_ns, uint32_t flags);
void raise_event(struct region *r); /* as an agent does: A2 to A5 */

/* Waits until the word has the value; 0 if it did not within EVER. */
int await_word(const uint32_t *word, uint32_t value);
#define AWAIT_PARKED(r) await_word(&(r)->slot[0].shim.parked, 1)

/* A park of slot 0 on a thread of its own. */
struct parking {
    struct vmrpc_shim *shim;
    pthread_t thread;
    enum vmrpc_wake_reason reason;
};
void parking_start(struct parking *p, struct vmrpc_shim *shim);
enum vmrpc_wake_reason parking_join(struct parking *p);

struct agent {
    int listener, link, doorbell;
    struct vmrpc_link_hello hello;
};
void agent_listen(struct agent *a, const struct region *r);
void agent_welcome(struct agent *a, uint32_t status, uint64_t epoch); /* accepts, reads the hello, answers */
void agent_die(struct agent *a);
int agent_rung(struct agent *a, int wait_ms); /* the doorbell's count, and resets it; 0: none within wait_ms */

#endif
