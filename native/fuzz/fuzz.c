/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

void fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "FOUND: ");
    vfprintf(stderr, format, args);
    fprintf(stderr, "\n");
    va_end(args);
    abort();
}

int input_left(const struct input *in) { return in->at < in->end; }

void take_bytes(struct input *in, void *bytes, size_t n)
{
    size_t left = (size_t)(in->end - in->at), taken = n < left ? n : left;
    memset(bytes, 0, n);
    memcpy(bytes, in->at, taken);
    in->at += taken;
}

uint8_t take8(struct input *in)
{
    uint8_t v;
    take_bytes(in, &v, sizeof v);
    return v;
}

uint16_t take16(struct input *in)
{
    uint16_t v;
    take_bytes(in, &v, sizeof v);
    return v;
}

uint64_t take64(struct input *in)
{
    uint64_t v;
    take_bytes(in, &v, sizeof v);
    return v;
}

int64_t fuzz_now_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

unsigned open_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    MUST(folder != NULL, "/proc is needed");
    unsigned count = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count - 1; /* the folder's own */
}

static char scratch[4][200];
static unsigned scratches;

static void remove_scratch(void)
{
    while (scratches > 0)
        unlink(scratch[--scratches]);
}

void scratch_path(char *path, size_t n, const char *name)
{
    const char *folder = getenv("VMRPC_FUZZ_DIR");
    snprintf(path, n, "%s/vmrpc-%s-%d", folder ? folder : "/tmp", name, (int)getpid());
    if (scratches == 0)
        atexit(remove_scratch);
    MUST(scratches < sizeof scratch / sizeof *scratch, "too many scratch files");
    snprintf(scratch[scratches++], sizeof *scratch, "%s", path);
}

struct vmrpc_identity small_identity(void)
{
    return (struct vmrpc_identity){.magic = VMRPC_MAGIC,
                                   .version = VMRPC_VERSION_MAJOR << 16,
                                   .header_length = VMRPC_PAGE,
                                   .region_length = REGION_BYTES,
                                   .region_id = REGION_ID,
                                   .slot_count = REGION_SLOTS,
                                   .slot_offset = VMRPC_PAGE,
                                   .channel_count = 1,
                                   .channel_offset = 2 * VMRPC_PAGE,
                                   .channel_stride = 3 * VMRPC_PAGE, /* 256 + 2 x 32 x (64 + 64) = 8448 */
                                   .ring_capacity = 32,
                                   .payload_capacity = 64};
}

uint8_t *create_region(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    MUST(fd >= 0 && ftruncate(fd, REGION_BYTES) == 0, "%s: cannot create it: %m", path);
    uint8_t *map = mmap(NULL, REGION_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    MUST(map != MAP_FAILED, "%s: mmap failed: %m", path);
    close(fd);
    struct vmrpc_identity identity = small_identity();
    memcpy(map, &identity, sizeof identity);
    return map;
}
