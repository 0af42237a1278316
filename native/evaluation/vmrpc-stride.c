/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-stride: rewrites a region, one word in each page of 4 KiB, pass after pass, in a window that programs of several VMs share. Each access is another
 * page, so caches and translation buffers help little. The words of a pass are checked at the end.
 */
#define _GNU_SOURCE
#include "window.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { FAILED = 1, WRONG_USAGE = 2, STRIDE = 4096, LINE = 64, WARM_UP_PASSES = 2 };

struct region {
    char *bytes;
    size_t size;
};

/* Pages of 4 KiB, all of them there. */
static struct region make(long megabytes)
{
    struct region region = {.size = (size_t)megabytes << 20};
    region.bytes = mmap(NULL, region.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (region.bytes == MAP_FAILED) {
        fprintf(stderr, "vmrpc-stride: mmap of %ld MB failed: %s; give less\n", megabytes, strerror(errno));
        exit(FAILED);
    }
    madvise(region.bytes, region.size, MADV_NOHUGEPAGE); /* EINVAL where the kernel has none */
    return region;
}

/* Each pass writes into another line of the page: all words of a region, in the order of its stride. */
static volatile uint64_t *word(const struct region *region, size_t page, uint64_t pass)
{
    return (volatile uint64_t *)(void *)(region->bytes + page + pass * LINE % STRIDE);
}

static void rewrite(const struct region *region, uint64_t pass)
{
    for (size_t page = 0; page < region->size; page += STRIDE)
        *word(region, page, pass) = pass + page;
}

static int check(const struct region *region, uint64_t pass)
{
    for (size_t page = 0; page < region->size; page += STRIDE)
        if (*word(region, page, pass) != pass + page) {
            fprintf(stderr, "vmrpc-stride: the word at %zu is not what was written last\n", page);
            return FAILED;
        }
    return 0;
}

int main(int argc, char **argv)
{
    int next = window_words(argc, argv);
    long megabytes = next > 0 && argc == next + 1 ? atol(argv[next]) : 0;
    if (megabytes < 1 || megabytes > 1 << 20) {
        fputs("vmrpc-stride: use vmrpc-stride " WINDOW_USAGE " MEGABYTES\n", stderr);
        return WRONG_USAGE;
    }
    struct region region = make(megabytes);
    uint64_t pass = 0, first;
    while (pass < WARM_UP_PASSES)
        rewrite(&region, pass++);
    struct window window = window_enter("vmrpc-stride", argv);
    int64_t began_ns = window_now_ns(), now_ns = began_ns;
    first = pass;
    while (now_ns < window.end_ns) {
        rewrite(&region, pass++);
        now_ns = window_now_ns();
    }
    window_print(&window, began_ns, now_ns);
    printf(" count=%llu ns=%lld\n", (unsigned long long)(pass - first), (long long)(now_ns - began_ns));
    return check(&region, pass - 1);
}
