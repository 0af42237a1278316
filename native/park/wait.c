/* SPDX-License-Identifier: MIT
 *
 * Waiting on several words at once: the event counter in the region (shared with the agent's process), the private alarm word,
 * and the VMM's own word where it has one. The first word is the event: on kernels without futex_waitv it is the only one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "shim.h"

#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449 /* the same on every architecture; Linux 5.16 */
#endif

/* Without futex_waitv a kick can fall between our look at `alarm` and the wait on `event`: bounded by this. */
#define FALLBACK_LOOK_NS INT64_C(1000000)

/* struct futex_waitv of linux/futex.h, which older headers lack. */
struct waiter {
    uint64_t value, address;
    uint32_t flags, reserved;
};
#define WAITER_U32 2u
#define WAITER_PRIVATE 128u
#define MAX_WORDS 3u

static struct timespec timespec_of(int64_t ns)
{
    return (struct timespec){.tv_sec = (time_t)(ns / 1000000000), .tv_nsec = (long)(ns % 1000000000)};
}

int vmrpc_waitv_works(void)
{
    /* No words to wait for: EINVAL where the call exists, ENOSYS where it does not, EPERM under some seccomp filters. */
    return syscall(SYS_futex_waitv, NULL, 0u, 0u, NULL, CLOCK_MONOTONIC) < 0 && errno == EINVAL;
}

static int wait_on_event_only(const uint32_t *event, uint32_t expected, int64_t until_ns)
{
    int64_t look = vmrpc_monotonic_ns() + FALLBACK_LOOK_NS;
    struct timespec ts = timespec_of(look < until_ns ? look : until_ns);
    if (syscall(SYS_futex, event, FUTEX_WAIT_BITSET, expected, &ts, NULL, FUTEX_BITSET_MATCH_ANY) < 0 && errno == ETIMEDOUT)
        return look < until_ns ? 0 : ETIMEDOUT;
    return 0;
}

int vmrpc_wait(struct vmrpc_shim *shim, const struct word *words, unsigned count, int64_t until_ns)
{
    if (!__atomic_load_n(&shim->waitv, __ATOMIC_RELAXED))
        return wait_on_event_only(words[0].address, words[0].value, until_ns);
    struct waiter waiters[MAX_WORDS] = {0};
    for (unsigned i = 0; i < count; i++)
        waiters[i] = (struct waiter){.value = words[i].value,
                                     .address = (uint64_t)(uintptr_t)words[i].address,
                                     .flags = words[i].shared ? WAITER_U32 : WAITER_U32 | WAITER_PRIVATE};
    struct timespec ts = timespec_of(until_ns);
    if (syscall(SYS_futex_waitv, waiters, count, 0u, &ts, CLOCK_MONOTONIC) >= 0)
        return 0;
    switch (errno) {
    case ETIMEDOUT:
        return ETIMEDOUT;
    case EAGAIN: /* a word had moved already */
    case EINTR:
        return 0;
    default: /* a seccomp filter installed since the probe, say */
        __atomic_store_n(&shim->waitv, 0, __ATOMIC_RELAXED);
        return 0;
    }
}

void vmrpc_wake(const uint32_t *word, int shared)
{
    syscall(SYS_futex, word, shared ? FUTEX_WAKE : FUTEX_WAKE | FUTEX_PRIVATE_FLAG, INT_MAX, NULL, NULL, 0);
}
