/* SPDX-License-Identifier: Apache-2.0
 *
 * Files that claim to be a region. An input is a length, a size for the error text, and the file's first bytes; the rest is zeros.
 * What is accepted is exactly what R5 to R8 allow, and the rest is refused with one sentence.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "vmrpc_shim.h"

#define LONGEST (INT64_C(4) << 20) /* of valid lengths: a region is populated when it is opened */
#define SHORTEST_OVERLONG ((INT64_C(1) << 30) + 1)

/* The rules as protocol.md states them, in 128 bits, so that no product needs an argument. */
typedef unsigned __int128 wide;

static int one_of_powers(wide value, wide least, wide most)
{
    for (wide power = least; power <= most; power *= 2)
        if (value == power)
            return 1;
    return 0;
}

static wide next_page(wide value)
{
    return (value + 4095) / 4096 * 4096;
}

static int allowed(const struct vmrpc_identity *id, uint64_t file_length)
{
    wide capacity = id->ring_capacity, payload = id->payload_capacity;
    int r5 = id->region_length == file_length && one_of_powers(file_length, 64 << 10, 1 << 30);
    int r6 = 1 <= id->slot_count && id->slot_count <= 256 && 1 <= id->channel_count && id->channel_count <= 256 && one_of_powers(capacity, 2, 65536) &&
             64 <= payload && payload <= 1 << 20 && payload % 64 == 0;
    wide stride = next_page(256 + 2 * capacity * (64 + payload));
    int r7 = id->slot_offset == 4096 && id->header_length == 4096 && id->channel_offset == next_page(4096 + (wide)256 * id->slot_count) &&
             id->channel_stride == stride && id->channel_offset + id->channel_count * stride <= file_length;
    int r8 = memcmp(&id->magic, "VMRPC-01", 8) == 0 && id->version / 65536 == 1;
    return r5 && r6 && r7 && r8;
}

static void check_sentence(const char *error, size_t n, const char *path)
{
    MUST(memchr(error, 0, n) != NULL, "the error text is not terminated");
    MUST(!strchr(error, '\n'), "more than a line: %s", error);
    size_t shown = strlen("region ") + strlen(path) + 2;
    if (n > shown + 20)
        MUST(strncmp(error, "region ", 7) == 0 && strncmp(error + 7, path, strlen(path)) == 0 && strlen(error) > shown, "no sentence: %s", error);
}

/* A shim on an accepted region must stay inside it: each slot is parked in, as the file's bytes have armed it. */
static void use(struct vmrpc_shim *shim, const struct vmrpc_identity *id)
{
    MUST(vmrpc_shim_slots(shim) == id->slot_count, "%u slots of %u", vmrpc_shim_slots(shim), id->slot_count);
    for (unsigned slot = 0; slot <= id->slot_count; slot++)
        MUST(vmrpc_shim_park(shim, slot) <= VMRPC_WAKE_INTERRUPT, "slot %u: unknown reason", slot);
    vmrpc_shim_close(shim);
}

static int64_t length_of(struct input *in)
{
    uint8_t kind = take8(in);
    if (kind < 200) /* most: a power of two, valid or not */
        return INT64_C(1) << (kind % 10 + 13);
    int64_t length = (int64_t)(take64(in) >> 28);
    return length > LONGEST && length < SHORTEST_OVERLONG ? length % LONGEST : length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char path[200];
    static int fd = -1;
    if (fd < 0) {
        scratch_path(path, sizeof path, "identity");
        fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        MUST(fd >= 0, "%s: %m", path);
    }
    struct input in = {data, data + size};
    int64_t length = length_of(&in);
    uint8_t room = take8(&in), bytes[12288];
    size_t n = (size_t)(in.end - in.at);
    take_bytes(&in, bytes, sizeof bytes);
    n = n < sizeof bytes ? n : sizeof bytes;
    n = (int64_t)n < length ? n : (size_t)length;
    MUST(ftruncate(fd, 0) == 0 && ftruncate(fd, length) == 0 && pwrite(fd, bytes, n, 0) == (ssize_t)n, "%s: %m", path);

    struct vmrpc_identity id = {0};
    memcpy(&id, bytes, n < sizeof id ? n : sizeof id);
    char error[1 + UINT8_MAX + 200];
    size_t most = room == 255 ? sizeof error : room + 1u;
    memset(error, 'x', sizeof error);
    struct vmrpc_shim_config config = {.region = path, .kind = VMRPC_SHIM_LOOPBACK, .bound_ns = 1000};
    struct vmrpc_shim *shim = vmrpc_shim_open(&config, error, most);
    MUST((shim != NULL) == allowed(&id, (uint64_t)length), "%s: %.200s", shim ? "accepted against R5 to R8" : "refused", shim ? "" : error);
    if (shim) {
        use(shim, &id);
        return 0;
    }
    check_sentence(error, most, path);
    for (size_t i = most; i < sizeof error; i++)
        MUST(error[i] == 'x', "the error text of at most %zu bytes was written at %zu", most, i);
    return 0;
}
