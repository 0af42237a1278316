/* SPDX-License-Identifier: Apache-2.0
 *
 * Condition variables, whole: a timed wait must wait for two words at once, and the C library's layout is its own affair. So all of the
 * program's are ours, of the same size: a sequence that each signal moves, and the number of waiters.
 *
 *   wait                                     signal
 *   W1 waiters + 1                           S1 sequence + 1 (seq_cst)
 *   W2 read sequence                         S2 waiters? no: done
 *   W3 unlock the mutex                      S3 FUTEX_WAKE: one if there is one waiter, else all
 *   W4 FUTEX_WAIT while sequence is that
 *
 * With more than one waiter a signal wakes them all: a later waiter could otherwise take the wake of an earlier one. POSIX allows both
 * spurious wakes and a signal that unblocks more than one. Those shared between processes (PTHREAD_PROCESS_SHARED) stay the C library's, since
 * the other process may not have this library; it marks them in the word `flags`, which is at the same place here.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <threads.h>
#include <unistd.h>

#include "preload.h"

#define IS_SHARED 1u    /* the C library's bits of its word __wrefs */
#define IS_MONOTONIC 2u
#define IS_DESTROYED UINT32_C(0x80000000) /* of `waiters` */

struct cond {
    uint32_t sequence;
    uint32_t waiters;
    uint32_t unused[7];
    uint32_t flags;
    uint32_t unused2[2];
};
_Static_assert(sizeof(struct cond) == sizeof(pthread_cond_t), "ours stands in the program's");
_Static_assert(__builtin_offsetof(struct cond, flags) == __builtin_offsetof(pthread_cond_t, __data.__wrefs), "the C library's flags");

#define REAL_COND(name) REAL_VERSION(name, "GLIBC_2.3.2")

static struct cond *of(pthread_cond_t *cond) { return (struct cond *)cond; }
static int is_shared(pthread_cond_t *cond) { return (of(cond)->flags & IS_SHARED) != 0; }

static void futex_wake(uint32_t *word, int count) { syscall(SYS_futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, count, NULL, NULL, 0); }

EXPORT int pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attributes)
{
    int shared = PTHREAD_PROCESS_PRIVATE;
    clockid_t clock = CLOCK_REALTIME;
    if (attributes) {
        pthread_condattr_getpshared(attributes, &shared);
        pthread_condattr_getclock(attributes, &clock);
    }
    if (shared != PTHREAD_PROCESS_PRIVATE)
        return REAL_COND(pthread_cond_init)(cond, attributes);
    *of(cond) = (struct cond){.flags = clock == CLOCK_MONOTONIC ? IS_MONOTONIC : 0};
    return 0;
}

EXPORT int pthread_cond_destroy(pthread_cond_t *cond)
{
    if (is_shared(cond))
        return REAL_COND(pthread_cond_destroy)(cond);
    struct cond *c = of(cond); /* those that a broadcast has just woken may still be on their way out */
    uint32_t waiters = __atomic_or_fetch(&c->waiters, IS_DESTROYED, __ATOMIC_ACQ_REL);
    for (; waiters != IS_DESTROYED; waiters = __atomic_load_n(&c->waiters, __ATOMIC_ACQUIRE))
        syscall(SYS_futex, &c->waiters, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, waiters, NULL, NULL, 0);
    return 0;
}

static void wake(struct cond *c, int all)
{
    __atomic_add_fetch(&c->sequence, 1, __ATOMIC_SEQ_CST); /* S1; partner: W1 before W2 */
    uint32_t waiters = __atomic_load_n(&c->waiters, __ATOMIC_SEQ_CST) & ~IS_DESTROYED;
    if (waiters)
        futex_wake(&c->sequence, all || waiters > 1 ? INT_MAX : 1);
}

EXPORT int pthread_cond_signal(pthread_cond_t *cond)
{
    if (is_shared(cond))
        return REAL_COND(pthread_cond_signal)(cond);
    wake(of(cond), 0);
    return 0;
}

EXPORT int pthread_cond_broadcast(pthread_cond_t *cond)
{
    if (is_shared(cond))
        return REAL_COND(pthread_cond_broadcast)(cond);
    wake(of(cond), 1);
    return 0;
}

struct wait {
    struct cond *cond;
    pthread_mutex_t *mutex;
    uint32_t sequence;
    clockid_t clock;
    const struct timespec *until; /* NULL: none */
};

static int has_moved(const struct wait *wait) { return __atomic_load_n(&wait->cond->sequence, __ATOMIC_ACQUIRE) != wait->sequence; }

/* By the kernel's clock. 0 or ETIMEDOUT. */
static int wait_in_kernel(const struct wait *wait)
{
    int operation = FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG | (wait->clock == CLOCK_REALTIME ? FUTEX_CLOCK_REALTIME : 0);
    while (!has_moved(wait)) {
        int type;
        pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &type);
        long result = syscall(SYS_futex, &wait->cond->sequence, operation, wait->sequence, wait->until, NULL, FUTEX_BITSET_MATCH_ANY);
        int error = errno;
        pthread_setcanceltype(type, NULL);
        if (result < 0 && error == ETIMEDOUT)
            return has_moved(wait) ? 0 : ETIMEDOUT;
    }
    return 0;
}

/* By the service's. Handlers that interrupt it do not end it, as with the C library's. */
static int wait_served(const struct wait *wait)
{
    int64_t deadline_ns = ns_of(wait->until);
    enum outcome outcome = WAIT_EXPIRED;
    self_begin();
    if (deadline_ns - now_ns(wait->clock) > SHORT_NS) {
        self_arm(TIMER_WAKE, wait->clock == CLOCK_REALTIME, deadline_ns);
        while ((outcome = self_wait(&wait->cond->sequence, wait->sequence, 0)) == WAIT_INTERRUPTED && !has_moved(wait)) {
            self.is_interrupted = 0;
            self_arm(TIMER_WAKE, wait->clock == CLOCK_REALTIME, deadline_ns); /* the handler may have waited too */
        }
        if (outcome == WAIT_EXPIRED)
            self_learn(deadline_ns, wait->clock);
    }
    while (outcome == WAIT_EXPIRED && !has_moved(wait) && now_ns(wait->clock) < deadline_ns)
        ;
    self_end();
    if (outcome == WAIT_LOST)
        return wait_in_kernel(wait);
    return has_moved(wait) ? 0 : ETIMEDOUT;
}

static void leave(struct cond *c)
{
    if (__atomic_sub_fetch(&c->waiters, 1, __ATOMIC_ACQ_REL) == IS_DESTROYED)
        futex_wake(&c->waiters, INT_MAX);
}

static void on_cancel(void *argument)
{
    struct wait *wait = argument;
    leave(wait->cond);
    pthread_mutex_lock(wait->mutex); /* the program's cleanup handlers run with the mutex locked: pthread_cond_wait(3) */
}

static int wait_for(struct wait *wait)
{
    if (wait->until && (wait->until->tv_nsec < 0 || wait->until->tv_nsec >= NS_PER_S))
        return EINVAL;
    self_enter();
    pthread_testcancel();
    __atomic_add_fetch(&wait->cond->waiters, 1, __ATOMIC_SEQ_CST); /* W1 */
    wait->sequence = __atomic_load_n(&wait->cond->sequence, __ATOMIC_SEQ_CST); /* W2 */
    int result = pthread_mutex_unlock(wait->mutex); /* W3 */
    if (result) {
        leave(wait->cond);
        return result;
    }
    int is_served = wait->until && is_plain(wait->until) && self_waits_for_two() && session_serves() && !direct_owns() && self_has_timer();
    pthread_cleanup_push(on_cancel, wait);
    if (wait->until && wait->until->tv_sec < 0)
        result = has_moved(wait) ? 0 : ETIMEDOUT; /* the kernel takes no such time */
    else
        result = is_served ? wait_served(wait) : wait_in_kernel(wait); /* W4 */
    pthread_cleanup_pop(0);
    leave(wait->cond);
    int error = pthread_mutex_lock(wait->mutex);
    return error ? error : result;
}

EXPORT int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
    if (is_shared(cond))
        return REAL_COND(pthread_cond_wait)(cond, mutex);
    return wait_for(&(struct wait){.cond = of(cond), .mutex = mutex, .clock = CLOCK_MONOTONIC});
}

EXPORT int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex, const struct timespec *until)
{
    if (is_shared(cond))
        return REAL_COND(pthread_cond_timedwait)(cond, mutex, until);
    return wait_for(&(struct wait){.cond = of(cond), .mutex = mutex, .until = until,
        .clock = of(cond)->flags & IS_MONOTONIC ? CLOCK_MONOTONIC : CLOCK_REALTIME});
}

EXPORT int pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until)
{
    if (is_shared(cond))
        return REAL(pthread_cond_clockwait)(cond, mutex, clock, until);
    if (clock != CLOCK_MONOTONIC && clock != CLOCK_REALTIME)
        return EINVAL;
    return wait_for(&(struct wait){.cond = of(cond), .mutex = mutex, .clock = clock, .until = until});
}

/* C11's are the same objects: threads.h. */
_Static_assert(sizeof(cnd_t) == sizeof(pthread_cond_t), "a cnd_t is a pthread_cond_t");

static int thrd_of(int error) { return error == 0 ? thrd_success : error == ETIMEDOUT ? thrd_timedout : error == ENOMEM ? thrd_nomem : thrd_error; }

EXPORT int cnd_init(cnd_t *cond) { return thrd_of(pthread_cond_init((pthread_cond_t *)cond, NULL)); }
EXPORT void cnd_destroy(cnd_t *cond) { pthread_cond_destroy((pthread_cond_t *)cond); }
EXPORT int cnd_signal(cnd_t *cond) { return thrd_of(pthread_cond_signal((pthread_cond_t *)cond)); }
EXPORT int cnd_broadcast(cnd_t *cond) { return thrd_of(pthread_cond_broadcast((pthread_cond_t *)cond)); }
EXPORT int cnd_wait(cnd_t *cond, mtx_t *mutex) { return thrd_of(pthread_cond_wait((pthread_cond_t *)cond, (pthread_mutex_t *)mutex)); }

EXPORT int cnd_timedwait(cnd_t *restrict cond, mtx_t *restrict mutex, const struct timespec *restrict until)
{
    return thrd_of(pthread_cond_timedwait((pthread_cond_t *)cond, (pthread_mutex_t *)mutex, until));
}
