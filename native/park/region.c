/* SPDX-License-Identifier: MIT
 *
 * Opening a region as a shim: rules R5 to R8 and R10 of docs/protocol.md.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shim.h"

#define MIN_REGION (UINT64_C(64) << 10)
#define MAX_REGION (UINT64_C(1) << 30)

static int is_power_of_two(uint64_t v) { return v != 0 && (v & (v - 1)) == 0; }

static uint64_t round_to_page(uint64_t v) { return (v + VMRPC_PAGE - 1) & ~(uint64_t)(VMRPC_PAGE - 1); }

/* What is wrong with the identity, or NULL. `id` is a private copy: a guest that ran before may have scribbled over the line,
 * and may go on while we look. No product here overflows: counts <= 2^8, ring <= 2^16, payload <= 2^20. */
static const char *flaw(const struct vmrpc_identity *id, uint64_t file_length, char *text, size_t n)
{
    if (id->magic == 0)
        return "the agent has not written its identity yet: start the agent first";
    if (id->magic != VMRPC_MAGIC)
        return "it is no VMRPC region (wrong magic): give the file that the agent created";
    if (id->version >> 16 != VMRPC_VERSION_MAJOR) {
        snprintf(text, n, "its protocol version is %u.%u and this shim speaks %u.x: use agent and shim of one release", id->version >> 16,
                 id->version & 0xffffu, VMRPC_VERSION_MAJOR);
        return text;
    }
    if (id->region_length != file_length) {
        snprintf(text, n, "its header says %" PRIu64 " bytes and the file has %" PRIu64 ": it is truncated or foreign, remove it and restart the agent",
                 id->region_length, file_length);
        return text;
    }
    if (id->header_length != VMRPC_PAGE || id->slot_offset != VMRPC_PAGE)
        return "header_length and slot_offset must be 4096 (R7)";
    if (id->slot_count < 1 || id->slot_count > VMRPC_MAX_SLOTS)
        return "slot_count must be 1 to 256 (R6)";
    if (id->channel_count < 1 || id->channel_count > VMRPC_MAX_CHANNELS)
        return "channel_count must be 1 to 256 (R6)";
    if (!is_power_of_two(id->ring_capacity) || id->ring_capacity < 2 || id->ring_capacity > VMRPC_MAX_RING_CAPACITY)
        return "ring_capacity must be a power of two from 2 to 65536 (R6)";
    if (id->payload_capacity % 64 != 0 || id->payload_capacity < 64 || id->payload_capacity > VMRPC_MAX_PAYLOAD)
        return "payload_capacity must be a multiple of 64 from 64 to 1 MiB (R6)";
    if (id->channel_offset != round_to_page(VMRPC_PAGE + (uint64_t)id->slot_count * sizeof(struct vmrpc_slot)))
        return "channel_offset is not the end of the slots rounded up to 4096 (R7)";
    uint64_t record = sizeof(struct vmrpc_submission) + (uint64_t)id->payload_capacity;
    uint64_t stride = round_to_page(sizeof(struct vmrpc_channel_header) + 2 * (uint64_t)id->ring_capacity * record);
    if (id->channel_stride != stride)
        return "channel_stride does not follow from ring_capacity and payload_capacity (R7)";
    if (id->channel_offset + id->channel_count * stride > file_length)
        return "its channels do not fit in it (R7)";
    return NULL;
}

static int take_shim_lock(int fd)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = VMRPC_LOCK_SHIM, .l_len = 1};
    return fcntl(fd, F_OFD_SETLK, &lock) == 0 ? 0 : errno;
}

int vmrpc_shim_region_open(struct vmrpc_shim_config const *config, struct vmrpc_identity *copy, void **base, uid_t *owner, char *error, size_t n)
{
    const char *path = config->region;
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) {
        snprintf(error, n, "region %s: open failed: %s%s", path, strerror(errno), errno == ENOENT ? "; start the agent first, it creates the file" : "");
        return -1;
    }
    struct stat st;
    void *map = MAP_FAILED;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        snprintf(error, n, "region %s: it is not a regular file: give the file that the agent created", path);
        goto failed;
    }
    uint64_t length = (uint64_t)st.st_size;
    if (!is_power_of_two(length) || length < MIN_REGION || length > MAX_REGION) {
        snprintf(error, n, "region %s: its length of %" PRIu64 " bytes is no power of two from 64 KiB to 1 GiB: it is truncated or no VMRPC region", path, length);
        goto failed;
    }
    /* Populated: a page fault inside a park would cost a vCPU its deadline. */
    map = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
    if (map == MAP_FAILED) {
        snprintf(error, n, "region %s: mmap of %" PRIu64 " bytes failed: %s", path, length, strerror(errno));
        goto failed;
    }
    const struct vmrpc_identity *identity = map;
    uint64_t magic = __atomic_load_n(&identity->magic, __ATOMIC_ACQUIRE); /* partner: the agent's release of magic, R8 */
    memcpy(copy, identity, sizeof *copy);
    copy->magic = magic;
    __asm__ volatile("" : : "r"(copy) : "memory"); /* the copy is what is judged and used: no second read of the region */
    char text[200];
    const char *wrong = flaw(copy, length, text, sizeof text);
    if (wrong) {
        snprintf(error, n, "region %s: %s", path, wrong);
        goto failed;
    }
    int taken = take_shim_lock(fd);
    if (taken) {
        if (taken == EAGAIN || taken == EACCES)
            snprintf(error, n, "region %s: another shim holds it already: one VM (or one loopback guest) per region, end that one or create another region", path);
        else
            snprintf(error, n, "region %s: fcntl(F_OFD_SETLK) failed: %s", path, strerror(taken));
        goto failed;
    }
    *base = map;
    *owner = st.st_uid;
    return fd;
failed:
    if (map != MAP_FAILED)
        munmap(map, length);
    close(fd);
    return -1;
}
