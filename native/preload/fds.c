/* SPDX-License-Identifier: Apache-2.0
 *
 * The library's few descriptors stand high, out of the way, and a program that closes all of its own keeps ours: closing one of them answers
 * EBADF, as for a descriptor that is not open. A program that closes them past the C library loses the service, and goes on with the kernel's timers.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/close_range.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "preload.h"

#define LOWEST 600 /* below FD_SETSIZE, and where no program counts up to by itself */
#define GUARDED 256

static int guarded[GUARDED]; /* descriptor + 1 */

static int is_guarded(int fd)
{
    if (fd < LOWEST / 8)
        return 0;
    for (int i = 0; i < GUARDED; i++)
        if (__atomic_load_n(&guarded[i], __ATOMIC_RELAXED) == fd + 1)
            return 1;
    return 0;
}

int fds_guard(int fd)
{
    if (fd < 0)
        return -1;
    int high = -1;
    for (int lowest = LOWEST; high < 0 && lowest >= LOWEST / 8; lowest /= 2) /* RLIMIT_NOFILE may be lower */
        high = fcntl(fd, F_DUPFD_CLOEXEC, lowest);
    REAL(close)(fd);
    for (int i = 0; high >= 0 && i < GUARDED; i++) {
        int nobody = 0;
        if (__atomic_compare_exchange_n(&guarded[i], &nobody, high + 1, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
            return high;
    }
    if (high >= 0)
        REAL(close)(high);
    return -1;
}

void fds_release(int fd)
{
    for (int i = 0; i < GUARDED; i++) {
        int own = fd + 1;
        if (__atomic_compare_exchange_n(&guarded[i], &own, 0, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
            return;
    }
}

EXPORT int close(int fd)
{
    if (is_guarded(fd)) {
        errno = EBADF;
        return -1;
    }
    timerfds_forget(fd);
    return REAL(close)(fd);
}

/* The lowest guarded descriptor from first on, or UINT_MAX. */
static unsigned next_guarded(unsigned first)
{
    unsigned next = UINT_MAX;
    for (int i = 0; i < GUARDED; i++) {
        int own = __atomic_load_n(&guarded[i], __ATOMIC_RELAXED);
        if (own && (unsigned)own - 1 >= first && (unsigned)own - 1 < next)
            next = (unsigned)own - 1;
    }
    return next;
}

EXPORT int close_range(unsigned first, unsigned last, int flags)
{
    if (first <= last && !((unsigned)flags & CLOSE_RANGE_CLOEXEC))
        for (int fd = timerfds_next((int)first); fd >= 0 && (unsigned)fd <= last; fd = timerfds_next(fd + 1))
            timerfds_forget(fd);
    for (unsigned own; first <= last && (own = next_guarded(first)) <= last && !((unsigned)flags & CLOSE_RANGE_CLOEXEC); first = own + 1) {
        if (own > first && REAL(close_range)(first, own - 1, flags) < 0)
            return -1;
        if (own == last)
            return 0;
    }
    return REAL(close_range)(first, last, flags);
}

EXPORT void closefrom(int first) { close_range(first > 0 ? (unsigned)first : 0, UINT_MAX, 0); }

/* Onto one of ours: as where the kernel finds the number just being opened by another thread, dup2(2). */
static int is_refused(int fd)
{
    if (is_guarded(fd))
        errno = EBUSY;
    return is_guarded(fd);
}

EXPORT int dup2(int old, int fd)
{
    if (is_refused(fd))
        return -1;
    int result = REAL(dup2)(old, fd);
    if (result >= 0 && old != fd)
        timerfds_forget(fd);
    return result;
}

EXPORT int dup3(int old, int fd, int flags)
{
    if (is_refused(fd))
        return -1;
    int result = REAL(dup3)(old, fd, flags);
    if (result >= 0)
        timerfds_forget(fd);
    return result;
}
