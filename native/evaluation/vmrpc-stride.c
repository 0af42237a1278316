/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-stride: rewrites a region, one word in each page of 4 KiB, pass after pass, in a window that programs of several VMs share. Each
 * access is another page, so caches and translation buffers help little. The words of a pass are checked at the end.
 *
 * With FILE the region is a file that stays, in a tmpfs: an emulated CPU takes 50 us to clear and enter a new page, and so only once.
 */
#define _GNU_SOURCE
#include "window.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FAILED = 1, WRONG_USAGE = 2, STRIDE = 4096, LINE = 64, WARM_UP_PASSES = 2 };

struct region {
    char *bytes;
    size_t size;
};

static void die(const char *what)
{
    fprintf(stderr, "vmrpc-stride: %s failed: %s\n", what, strerror(errno));
    exit(FAILED);
}

/* Pages of 4 KiB, all of them there. */
static struct region make(long megabytes, const char *file)
{
    struct region region = {.size = (size_t)megabytes << 20};
    int fd = -1, flags = MAP_PRIVATE | MAP_ANONYMOUS;
    if (file) {
        fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0 || ftruncate(fd, (off_t)region.size))
            die(file);
        flags = MAP_SHARED;
    }
    region.bytes = mmap(NULL, region.size, PROT_READ | PROT_WRITE, flags, fd, 0);
    if (region.bytes == MAP_FAILED)
        die("mmap");
    madvise(region.bytes, region.size, MADV_NOHUGEPAGE); /* EINVAL where the kernel has none */
    if (madvise(region.bytes, region.size, MADV_POPULATE_WRITE) && errno != EINVAL) /* EINVAL before Linux 5.14: the first pass does it */
        die("madvise: the region does not fit");
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
    long megabytes = next > 0 && (argc == next + 1 || argc == next + 2) ? atol(argv[next]) : 0;
    if (megabytes < 1 || megabytes > 1 << 20) {
        fputs("vmrpc-stride: use vmrpc-stride " WINDOW_USAGE " MEGABYTES [FILE]\n", stderr);
        return WRONG_USAGE;
    }
    struct region region = make(megabytes, argv[next + 1]);
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
