/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "fixture.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "vmrpc.h"

static void must(int ok, const char *what)
{
    if (!ok) {
        perror(what);
        abort();
    }
}

void region_create(struct region *r)
{
    memset(r, 0, sizeof *r);
    strcpy(r->folder, "/tmp/vmrpc-test-XXXXXX");
    must(mkdtemp(r->folder) != NULL, "mkdtemp");
    snprintf(r->path, sizeof r->path, "%s/region", r->folder);
    snprintf(r->socket, sizeof r->socket, "%s.sock", r->path);
    r->length = 1 << 16;
    int fd = vmrpc_region_open(r->path, 1, (int64_t)r->length);
    must(fd >= 0, "region");
    r->header = mmap(NULL, r->length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    must(r->header != MAP_FAILED, "mmap");
    close(fd);
    r->slot = (struct vmrpc_slot *)((char *)r->header + VMRPC_PAGE);
    struct vmrpc_identity *id = &r->header->identity;
    *id = (struct vmrpc_identity){.version = VMRPC_VERSION_MAJOR << 16,
                                  .header_length = VMRPC_PAGE,
                                  .region_length = r->length,
                                  .region_id = 4711,
                                  .slot_count = FIXTURE_SLOTS,
                                  .slot_offset = VMRPC_PAGE,
                                  .channel_count = 1,
                                  .channel_offset = 2 * VMRPC_PAGE,
                                  .channel_stride = 3 * VMRPC_PAGE, /* 256 + 2 x 32 x (64 + 64) = 8448 */
                                  .ring_capacity = 32,
                                  .payload_capacity = 64};
    __atomic_store_n(&id->magic, VMRPC_MAGIC, __ATOMIC_RELEASE);
}

void region_remove(struct region *r)
{
    munmap(r->header, r->length);
    unlink(r->socket);
    unlink(r->path);
    rmdir(r->folder);
}

struct vmrpc_shim_config region_config(const struct region *r)
{
    return (struct vmrpc_shim_config){
        .region = r->path, .kind = VMRPC_SHIM_LOOPBACK, .instruction = VMRPC_INSTRUCTION_CALL, .kick_mode = VMRPC_KICK_HOOK};
}

static struct vmrpc_shim *open_shim(const struct vmrpc_shim_config *config)
{
    char error[300];
    struct vmrpc_shim *shim = vmrpc_shim_open(config, error, sizeof error);
    if (!shim)
        fprintf(stderr, "%s\n", error);
    must(shim != NULL, "vmrpc_shim_open");
    return shim;
}

struct vmrpc_shim *region_shim(const struct region *r)
{
    struct vmrpc_shim_config config = region_config(r);
    return open_shim(&config);
}

void with_each_wait(void (*steps)(struct region *r, struct vmrpc_shim *shim))
{
    for (int without_waitv = 0; without_waitv <= 1; without_waitv++) {
        struct region r;
        region_create(&r);
        struct vmrpc_shim_config config = region_config(&r);
        config.without_waitv = without_waitv;
        struct vmrpc_shim *shim = open_shim(&config);
        steps(&r, shim);
        vmrpc_shim_close(shim);
        region_remove(&r);
    }
}

int64_t now_ns(void) { return vmrpc_now_ns(); }

void arm(struct region *r, int64_t deadline_ns, uint32_t flags)
{
    struct vmrpc_slot *s = &r->slot[0];
    s->guest.expected = __atomic_load_n(&s->agent.event, __ATOMIC_ACQUIRE);
    s->guest.deadline_ns = deadline_ns;
    s->guest.flags = flags;
    __atomic_store_n(&s->guest.armed, 1u, __ATOMIC_SEQ_CST);
}

void raise_event(struct region *r)
{
    __atomic_fetch_add(&r->slot[0].agent.event, 1u, __ATOMIC_SEQ_CST);
    vmrpc_futex_wake((int64_t)(intptr_t)&r->slot[0].agent.event);
}

int await_word(const uint32_t *word, uint32_t value)
{
    int64_t end = now_ns() + EVER;
    while (__atomic_load_n(word, __ATOMIC_ACQUIRE) != value) {
        if (now_ns() > end)
            return 0;
        usleep(200);
    }
    return 1;
}

static void *parking_run(void *argument)
{
    struct parking *p = argument;
    p->reason = vmrpc_shim_park(p->shim, 0);
    return NULL;
}

void parking_start(struct parking *p, struct vmrpc_shim *shim)
{
    p->shim = shim;
    must(pthread_create(&p->thread, NULL, parking_run, p) == 0, "pthread_create");
}

enum vmrpc_wake_reason parking_join(struct parking *p)
{
    pthread_join(p->thread, NULL);
    return p->reason;
}

void agent_listen(struct agent *a, const struct region *r)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, r->socket, strlen(r->socket) + 1);
    unlink(r->socket);
    a->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(bind(a->listener, (struct sockaddr *)&address, sizeof address) == 0, "bind");
    must(listen(a->listener, 4) == 0, "listen");
    a->link = -1;
    a->doorbell = vmrpc_eventfd();
}

void agent_welcome(struct agent *a, uint32_t status, uint64_t epoch)
{
    struct pollfd p = {.fd = a->listener, .events = POLLIN};
    must(poll(&p, 1, (int)(EVER / MS)) == 1, "no shim has connected");
    a->link = accept(a->listener, NULL, NULL);
    must(recv(a->link, &a->hello, sizeof a->hello, MSG_WAITALL) == sizeof a->hello, "hello");
    struct vmrpc_link_welcome welcome = {
        .magic = VMRPC_MAGIC, .version = VMRPC_VERSION_MAJOR << 16, .status = status, .agent_epoch = epoch};
    /* In two pieces: a stream may deliver so. */
    must(vmrpc_send_fd(a->link, &welcome, 5, status == VMRPC_LINK_LINKED ? a->doorbell : -1) == 5, "welcome");
    must(vmrpc_send_fd(a->link, (char *)&welcome + 5, sizeof welcome - 5, -1) == sizeof welcome - 5, "welcome");
}

void agent_die(struct agent *a)
{
    close(a->link);
    close(a->listener);
    close(a->doorbell);
}

int agent_rung(struct agent *a, int wait_ms)
{
    struct pollfd p = {.fd = a->doorbell, .events = POLLIN};
    uint64_t count = 0;
    if (poll(&p, 1, wait_ms) == 1 && read(a->doorbell, &count, sizeof count) != (ssize_t)sizeof count)
        return 0;
    return (int)count;
}
