/* SPDX-License-Identifier: MIT
 *
 * Opening, announcing, kicking and closing a shim.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "shim.h"

#define DEFAULT_SLICE_NS INT64_C(1000000)

int64_t vmrpc_monotonic_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

void vmrpc_shim_log(const struct vmrpc_shim *shim, const char *format, ...)
{
    if (!shim->config.log)
        return;
    char line[400];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    shim->config.log(shim->config.log_context, line);
}

static uint64_t new_epoch(uint64_t previous)
{
    uint64_t epoch = 0;
    if (getrandom(&epoch, sizeof epoch, GRND_NONBLOCK) != (ssize_t)sizeof epoch)
        epoch = (uint64_t)vmrpc_monotonic_ns();
    return epoch == 0 || epoch == previous ? previous + 1 : epoch;
}

static void announce(struct vmrpc_shim *shim)
{
    struct vmrpc_shim_line *line = &shim->header->shim;
    __atomic_store_n(&line->shim_epoch, 0, __ATOMIC_RELEASE);
    line->shim_kind = shim->config.kind;
    line->shim_version = VMRPC_VERSION_MAJOR << 16 | VMRPC_VERSION_MINOR;
    line->instruction = shim->config.instruction;
    line->kick_mode = shim->kick_mode;
    line->slots_served = shim->slots;
    line->link = VMRPC_LINK_NEVER;
    line->link_epoch = 0;
    line->slice_ns = (uint64_t)shim->slice_ns;
    line->refusal = VMRPC_REFUSAL_NONE;
    line->park_mode = shim->config.park_mode;
    line->reserved = 0;
    for (uint32_t i = 0; i < shim->slots; i++) {
        struct vmrpc_slot_shim_line *slot = &shim->slot[i].shim;
        /* Continued, not restarted: a guest takes an unmoved count for a missing shim. */
        shim->parker[i].settled = SETTLE_STEPS;
        shim->parker[i].acks = __atomic_load_n(&slot->acks, __ATOMIC_RELAXED);
        __atomic_store_n(&slot->parked, 0u, __ATOMIC_RELAXED);
    }
    __atomic_store_n(&line->shim_epoch, shim->epoch, __ATOMIC_RELEASE);
}

static void dispose(struct vmrpc_shim *shim)
{
    int fds[] = {shim->doorbell_fd, shim->nowhere_fd, shim->stop_fd, shim->region_fd};
    if (shim->header)
        munmap(shim->header, shim->region_length);
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
        if (fds[i] >= 0)
            close(fds[i]); /* the region's takes the lock with it */
    free(shim->socket_path);
    free(shim);
}

static struct vmrpc_shim *allocate(unsigned slots)
{
    size_t length = (sizeof(struct vmrpc_shim) + slots * sizeof(struct parker) + VMRPC_LINE - 1) / VMRPC_LINE * VMRPC_LINE;
    struct vmrpc_shim *shim = aligned_alloc(VMRPC_LINE, length);
    if (shim) {
        memset(shim, 0, length);
        shim->doorbell_fd = shim->nowhere_fd = shim->stop_fd = shim->region_fd = -1;
    }
    return shim;
}

struct vmrpc_shim *vmrpc_shim_open(const struct vmrpc_shim_config *config, char *error, size_t n)
{
    struct vmrpc_identity id;
    void *base;
    uid_t owner;
    int fd = vmrpc_shim_region_open(config, &id, &base, &owner, error, n);
    if (fd < 0)
        return NULL;
    uint32_t slots = config->slots && config->slots < id.slot_count ? config->slots : id.slot_count;
    struct vmrpc_shim *shim = allocate(slots);
    if (!shim) {
        munmap(base, id.region_length);
        close(fd);
        snprintf(error, n, "region %s: out of memory", config->region);
        return NULL;
    }
    shim->config = *config;
    shim->region_fd = fd;
    shim->header = base;
    shim->slot = (struct vmrpc_slot *)((char *)base + VMRPC_PAGE);
    shim->region_length = id.region_length;
    shim->region_id = id.region_id;
    shim->region_owner = owner;
    shim->slots = slots;
    shim->slice_ns = config->slice_ns > 0 ? config->slice_ns : DEFAULT_SLICE_NS;
    shim->bound_ns = config->bound_ns > 0 && config->bound_ns < VMRPC_MAX_PARK_NS ? config->bound_ns : VMRPC_MAX_PARK_NS;
    shim->kick_mode = config->kick_mode;
    shim->waitv = !config->without_waitv && vmrpc_waitv_works();
    shim->epoch = new_epoch(shim->header->shim.shim_epoch);
    shim->nowhere_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    shim->doorbell_fd = fcntl(shim->nowhere_fd, F_DUPFD_CLOEXEC, 0);
    shim->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    int named = config->socket ? asprintf(&shim->socket_path, "%s", config->socket) : asprintf(&shim->socket_path, "%s.sock", config->region);
    shim->config.region = shim->config.socket = NULL; /* the caller's, and maybe gone after this call */
    if (named < 0)
        shim->socket_path = NULL;
    if (shim->doorbell_fd < 0 || shim->stop_fd < 0 || named < 0) {
        snprintf(error, n, "region %s: eventfd failed: %s", config->region, strerror(errno));
        dispose(shim);
        return NULL;
    }
    announce(shim);
    int failed = vmrpc_link_start(shim);
    if (failed) {
        snprintf(error, n, "agent socket %s: the link could not start: %s", shim->socket_path, strerror(failed));
        __atomic_store_n(&shim->header->shim.shim_epoch, 0, __ATOMIC_RELEASE);
        dispose(shim);
        return NULL;
    }
    return shim;
}

void vmrpc_shim_alarm(struct vmrpc_shim *shim, unsigned slot)
{
    struct parker *parker = &shim->parker[slot];
    /* Full fence: partner of the store of `inside` in vmrpc_park_begin. Either we see the parker inside and wake it, or it sees
     * the moved alarm, and with it what was counted before. */
    __atomic_fetch_add(&parker->alarm, 1u, __ATOMIC_SEQ_CST);
    if (!__atomic_load_n(&parker->inside, __ATOMIC_SEQ_CST))
        return;
    vmrpc_wake(&parker->alarm, 0);
    if (!__atomic_load_n(&shim->waitv, __ATOMIC_RELAXED))
        vmrpc_wake(&shim->slot[slot].agent.event, 1);
}

void vmrpc_shim_kick(struct vmrpc_shim *shim, unsigned slot)
{
    if (slot >= shim->slots)
        return;
    int saved = errno;
    __atomic_fetch_add(&shim->parker[slot].kicks, 1u, __ATOMIC_RELAXED);
    vmrpc_shim_alarm(shim, slot);
    errno = saved;
}

void vmrpc_shim_doorbell(struct vmrpc_shim *shim)
{
    if (__atomic_load_n(&shim->header->agent_sleep.sleeping, __ATOMIC_RELAXED) != 1)
        return;
    uint64_t one = 1;
    ssize_t written = write(shim->doorbell_fd, &one, sizeof one);
    (void)written; /* EAGAIN: 2^64-2 rings are pending, which ring as well */
}

static void alarm_all(struct vmrpc_shim *shim)
{
    for (unsigned i = 0; i < shim->slots; i++)
        vmrpc_shim_alarm(shim, i);
}

void vmrpc_shim_refuse(struct vmrpc_shim *shim, enum vmrpc_refusal refusal)
{
    __atomic_store_n(&shim->refusal, (uint32_t)refusal, __ATOMIC_RELAXED);
    __atomic_store_n(&shim->header->shim.refusal, (uint32_t)refusal, __ATOMIC_RELEASE);
    alarm_all(shim);
}

void vmrpc_shim_fall_back_to_slices(struct vmrpc_shim *shim)
{
    __atomic_store_n(&shim->kick_mode, (uint32_t)VMRPC_KICK_SLICES, __ATOMIC_RELAXED);
    __atomic_store_n(&shim->header->shim.park_mode, (uint32_t)VMRPC_PARK_FUTEX, __ATOMIC_RELAXED); /* a halted vCPU needs no slices */
    __atomic_store_n(&shim->header->shim.kick_mode, (uint32_t)VMRPC_KICK_SLICES, __ATOMIC_RELEASE);
    for (unsigned i = 0; i < shim->slots; i++)
        vmrpc_shim_kick(shim, i); /* who is parked without an end in sight comes back by slices */
}

void vmrpc_shim_watch_kicks(struct vmrpc_shim *shim, unsigned slot, const uint32_t *word, uint32_t mask)
{
    shim->parker[slot].kick_word = word;
    shim->parker[slot].kick_mask = mask;
}

enum vmrpc_kick_mode vmrpc_shim_kick_mode(const struct vmrpc_shim *shim)
{
    return (enum vmrpc_kick_mode)__atomic_load_n(&shim->kick_mode, __ATOMIC_RELAXED);
}

unsigned vmrpc_shim_slots(const struct vmrpc_shim *shim) { return shim->slots; }

void vmrpc_shim_close(struct vmrpc_shim *shim)
{
    vmrpc_link_stop(shim);
    __atomic_store_n(&shim->closing, 1u, __ATOMIC_RELAXED);
    alarm_all(shim);
    for (unsigned i = 0; i < shim->slots; i++)
        while (__atomic_load_n(&shim->parker[i].inside, __ATOMIC_ACQUIRE))
            usleep(100);
    vmrpc_wakers_stop(shim);
    __atomic_store_n(&shim->header->shim.shim_epoch, 0, __ATOMIC_RELEASE);
    dispose(shim);
}
