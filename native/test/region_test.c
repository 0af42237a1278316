/* SPDX-License-Identifier: Apache-2.0
 *
 * Regions that a shim must refuse, each with a sentence that names what is wrong.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "fixture.h"

static const char *refusal(const char *path)
{
    static char error[400];
    struct vmrpc_shim_config config = {.region = path, .kind = VMRPC_SHIM_LOOPBACK};
    strcpy(error, "accepted");
    struct vmrpc_shim *shim = vmrpc_shim_open(&config, error, sizeof error);
    if (shim)
        vmrpc_shim_close(shim);
    return error;
}

static void wrong_identity(struct region *r)
{
    struct vmrpc_identity *id = &r->header->identity, good = *id;
#define WRONG(field, value, says) (id->field = (value), CHECK_SAYS(refusal(r->path), says), *id = good)
    WRONG(magic, 0, "start the agent first");
    WRONG(magic, 1, "wrong magic");
    WRONG(version, 2u << 16 | 3, "protocol version is 2.3");
    WRONG(version, 0, "protocol version is 0.0");
    WRONG(version, VMRPC_VERSION_MAJOR << 16 | 9, "accepted"); /* a later minor version */
    WRONG(region_length, 1 << 17, "its header says 131072 bytes and the file has 65536");
    WRONG(header_length, 8192, "4096");
    WRONG(slot_offset, 8192, "4096");
    WRONG(slot_count, 0, "slot_count");
    WRONG(slot_count, 257, "slot_count");
    WRONG(slot_count, 17, "channel_offset");
    WRONG(channel_count, 0, "channel_count");
    WRONG(channel_count, 257, "channel_count");
    WRONG(channel_count, 256, "do not fit");
    WRONG(ring_capacity, 0, "ring_capacity");
    WRONG(ring_capacity, 1, "ring_capacity");
    WRONG(ring_capacity, 33, "ring_capacity");
    WRONG(ring_capacity, 1 << 17, "ring_capacity");
    WRONG(ring_capacity, 65536, "channel_stride");
    WRONG(payload_capacity, 0, "payload_capacity");
    WRONG(payload_capacity, 65, "payload_capacity");
    WRONG(payload_capacity, UINT32_MAX - 63, "payload_capacity");
    WRONG(channel_offset, 0, "channel_offset");
    WRONG(channel_offset, 12288, "channel_offset");
    WRONG(channel_stride, 0, "channel_stride");
    CHECK_SAYS(refusal(r->path), "accepted");
}

static void wrong_file(struct region *r)
{
    char path[128];
    snprintf(path, sizeof path, "%s/other", r->folder);
    CHECK_SAYS(refusal(path), "start the agent first");
    CHECK_SAYS(refusal(r->folder), "open failed");
    CHECK(symlink(r->path, path) == 0);
    CHECK_SAYS(refusal(path), "open failed"); /* ELOOP */
    unlink(path);
    CHECK(mkfifo(path, 0600) == 0);
    CHECK_SAYS(refusal(path), "not a regular file");
    unlink(path);
    static const long lengths[] = {0, 100, 65535, 65537, 196608};
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
    for (unsigned i = 0; i < 5; i++) {
        CHECK(ftruncate(fd, lengths[i]) == 0);
        CHECK_SAYS(refusal(path), "no power of two");
    }
    CHECK(ftruncate(fd, 65536) == 0);
    CHECK_SAYS(refusal(path), "start the agent first"); /* zeros: no identity yet */
    CHECK(pwrite(fd, "\x7f\x45LF-and-more", 12, 0) == 12);
    CHECK_SAYS(refusal(path), "wrong magic");
    /* A good region cut in half. */
    CHECK(pwrite(fd, r->header, 4096, 0) == 4096);
    CHECK(ftruncate(fd, 131072) == 0);
    CHECK_SAYS(refusal(path), "truncated or foreign");
    close(fd);
    unlink(path);
}

static void second_shim(struct region *r)
{
    struct vmrpc_shim *shim = region_shim(r);
    uint64_t epoch = r->header->shim.shim_epoch;
    CHECK_SAYS(refusal(r->path), "another shim holds it");
    CHECK_EQ(epoch, r->header->shim.shim_epoch); /* and the refused one has stored nothing */
    vmrpc_shim_close(shim);
    CHECK_SAYS(refusal(r->path), "accepted");
}

static void long_socket_path(struct region *r)
{
    char error[400], socket[200];
    memset(socket, 'x', sizeof socket - 1);
    socket[sizeof socket - 1] = 0;
    struct vmrpc_shim_config config = region_config(r);
    config.socket = socket;
    CHECK(vmrpc_shim_open(&config, error, sizeof error) == NULL);
    CHECK_SAYS(error, "File name too long");
    CHECK_SAYS(refusal(r->path), "accepted"); /* the lock was given back */
}

void test_region(void)
{
    struct region r;
    region_create(&r);
    wrong_identity(&r);
    wrong_file(&r);
    second_shim(&r);
    long_socket_path(&r);
    region_remove(&r);
}
