/* SPDX-License-Identifier: MIT
 *
 * Inside the park core only.
 *
 * Who writes what: `struct parker` belongs to one vCPU's thread, except `alarm`, `kicks`: any kicker. Link fields belong to
 * the link's thread. Everything is private memory: the guest cannot reach it.
 */
#ifndef VMRPC_PARK_SHIM_H
#define VMRPC_PARK_SHIM_H

#include <pthread.h>
#include <sys/types.h>

#include "vmrpc_shim.h"

/* After a kick: the longest following parks, then full length. See park.c. */
#define SETTLE_STEPS 3u

struct parker {
    /* written by kickers */
    uint32_t alarm __attribute__((aligned(VMRPC_LINE))); /* private futex word: moves with each kick, link loss, close */
    uint32_t kicks;
    /* written by the vCPU's thread */
    uint32_t inside __attribute__((aligned(VMRPC_LINE))); /* 1 from begin to end */
    uint32_t kicks_reported;
    uint32_t losses_reported;
    uint32_t settled; /* parks since the last KICK, up to SETTLE_STEPS */
    uint64_t acks, parks, kicked;
    const uint32_t *kick_word; /* NULL, or where the VMM itself marks its kicks */
    uint32_t kick_mask;
    struct waker *waker; /* NULL: none yet */
};

struct vmrpc_shim {
    /* constant after open */
    struct vmrpc_header *header;
    struct vmrpc_slot *slot;
    uint64_t region_length;
    uint64_t region_id;
    uint64_t epoch;
    uid_t region_owner;
    uint32_t slots;
    int region_fd;
    int64_t slice_ns, bound_ns;
    struct vmrpc_shim_config config;
    char *socket_path;
    /* changed at run time, each with atomics */
    uint32_t link; /* enum vmrpc_link; written by the link's thread */
    uint32_t losses; /* links lost so far; written by the link's thread */
    uint32_t kick_mode;
    uint32_t refusal;
    uint32_t closing;
    uint32_t wakers; /* threads that live; waker.c */
    uint32_t waitv; /* 1 while futex_waitv works */
    int doorbell_fd; /* a constant number: the link's thread exchanges what it refers to by dup3 */
    int nowhere_fd;  /* what doorbell_fd refers to while there is no agent */
    int stop_fd;
    pthread_t link_thread;
    struct parker parker[];
};

/* region.c */
int vmrpc_shim_region_open(struct vmrpc_shim_config const *config, struct vmrpc_identity *copy, void **base, uid_t *owner, char *error, size_t n);

/* link.c */
int vmrpc_link_start(struct vmrpc_shim *shim);
void vmrpc_link_stop(struct vmrpc_shim *shim);

/* shim.c */
void vmrpc_shim_alarm(struct vmrpc_shim *shim, unsigned slot);
void vmrpc_shim_log(const struct vmrpc_shim *shim, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* waker.c */
void vmrpc_wakers_stop(struct vmrpc_shim *shim);

/* wait.c */
int vmrpc_waitv_works(void);
/* A futex word and the value it must still have for the wait to begin. */
struct word {
    const uint32_t *address;
    uint32_t value;
    int shared;
};
/* Waits until one of the 1 to 3 words moved, until_ns, or for no reason at all. 0, or ETIMEDOUT. */
int vmrpc_wait(struct vmrpc_shim *shim, const struct word *words, unsigned count, int64_t until_ns);
void vmrpc_wake(const uint32_t *word, int shared);

#endif
