/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/io.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "vmrpc.h"
#include "vmrpc_abi.h"

int64_t vmrpc_now_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

int vmrpc_gettid(void) { return (int)syscall(SYS_gettid); }

/* The system calls, since the C library's wrapper of the first fails where its cpu_set_t is smaller than the kernel's. */
int vmrpc_set_affinity(int tid, const void *mask, int length)
{
    return syscall(SYS_sched_setaffinity, tid, (size_t)length, mask) < 0 ? -errno : 0;
}

int vmrpc_get_affinity(int tid, void *mask, int length)
{
    memset(mask, 0, (size_t)length);
    return syscall(SYS_sched_getaffinity, tid, (size_t)length, mask) < 0 ? -errno : 0;
}

int vmrpc_set_scheduler(int tid, int policy, int priority)
{
    struct sched_param param = {.sched_priority = priority};
    return syscall(SYS_sched_setscheduler, tid, policy, &param) < 0 ? -errno : 0;
}

int vmrpc_get_scheduler(int tid)
{
    struct sched_param param;
    long policy = syscall(SYS_sched_getscheduler, tid);
    if (policy < 0 || syscall(SYS_sched_getparam, tid, &param) < 0)
        return -errno;
    policy &= ~(long)SCHED_RESET_ON_FORK;
    return (int)policy << 8 | param.sched_priority;
}

int vmrpc_lock_memory(void) { return mlockall(MCL_CURRENT | MCL_FUTURE) == 0 ? 0 : -errno; }

/* The C library's prlimit() is not POSIX, but glibc's and musl's alike; RLIM_INFINITY is ~0, so -1. */
int vmrpc_get_memlock(int pid, int64_t limits[2])
{
    struct rlimit limit;
    if (prlimit(pid, RLIMIT_MEMLOCK, NULL, &limit) != 0)
        return -errno;
    limits[0] = (int64_t)limit.rlim_cur;
    limits[1] = (int64_t)limit.rlim_max;
    return 0;
}

int vmrpc_set_memlock(int pid, int64_t soft, int64_t hard)
{
    struct rlimit limit = {.rlim_cur = (rlim_t)soft, .rlim_max = (rlim_t)hard};
    return prlimit(pid, RLIMIT_MEMLOCK, &limit, NULL) == 0 ? 0 : -errno;
}

int vmrpc_set_timer_slack(int64_t ns) { return prctl(PR_SET_TIMERSLACK, (unsigned long)ns, 0UL, 0UL, 0UL) == 0 ? 0 : -errno; }

static int sleep_by(int flags, int64_t ns)
{
    if (ns <= 0)
        return 0;
    struct timespec ts = {.tv_sec = (time_t)(ns / 1000000000), .tv_nsec = (long)(ns % 1000000000)};
    return -clock_nanosleep(CLOCK_MONOTONIC, flags, &ts, NULL); /* it answers the error, and leaves errno alone */
}

int vmrpc_sleep_ns(int64_t ns) { return sleep_by(0, ns); }

int vmrpc_sleep_until_ns(int64_t deadline) { return sleep_by(TIMER_ABSTIME, deadline); }

int vmrpc_grant_port(void) { return ioperm(VMRPC_PORT, 1, 1) == 0 ? 0 : -errno; }
