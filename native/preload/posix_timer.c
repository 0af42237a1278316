/* SPDX-License-Identifier: Apache-2.0
 *
 * timer_create(2) and its family for SIGEV_SIGNAL and SIGEV_THREAD_ID; other kinds and other clocks stay the kernel's.
 *
 * Each of the program's timers is one of the kernel's too, disarmed while the service has it: the program's timer_t is real, and a lost service
 * loses no timer.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "preload.h"

#define TIMERS TABLE_TIMERS
#define EMPTY 0
#define DELETED (-1)

static struct posix_timer {
    timer_t id;
    clockid_t clock;
    int signal;
    pid_t tid;
    void *value;
    int is_absolute; /* of CLOCK_REALTIME: moves with that clock; a relative one does not, clock_settime(2) */
    int number;  /* in the table + 1; 0: none yet */
    int is_ours; /* the service has it now */
    int overrun; /* of the last signal */
} timers[TIMERS];
static int32_t places[2 * TIMERS]; /* open hash of timer_t: index in timers + 1, EMPTY or DELETED */
static int32_t owners[TABLE_TIMERS]; /* by number in the table: index in timers + 1 */

static unsigned hash(timer_t id, unsigned step) { return (unsigned)(((uintptr_t)id + step) % (2 * TIMERS)); }

static struct posix_timer *find(timer_t id)
{
    for (unsigned step = 0; step < 2 * TIMERS; step++) {
        int32_t place = __atomic_load_n(&places[hash(id, step)], __ATOMIC_ACQUIRE);
        if (place == EMPTY)
            return NULL;
        if (place > 0 && timers[place - 1].id == id)
            return &timers[place - 1];
    }
    return NULL;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of creation and deletion, which no handler may do */

static void add(const struct posix_timer *timer)
{
    unsigned free = 0;
    while (free < TIMERS && timers[free].signal)
        free++;
    for (unsigned step = 0; free < TIMERS && step < 2 * TIMERS; step++)
        if (places[hash(timer->id, step)] <= 0) {
            timers[free] = *timer;
            __atomic_store_n(&places[hash(timer->id, step)], (int32_t)free + 1, __ATOMIC_RELEASE);
            return;
        }
}

static void drop(struct posix_timer *timer)
{
    int32_t index = (int32_t)(timer - timers) + 1;
    for (unsigned step = 0; step < 2 * TIMERS; step++)
        if (places[hash(timer->id, step)] == index) {
            __atomic_store_n(&places[hash(timer->id, step)], DELETED, __ATOMIC_RELEASE);
            break;
        }
    if (timer->number) {
        timers_disarm(timer->number - 1);
        owners[timer->number - 1] = 0;
        timers_give_back(timer->number - 1);
    }
    *timer = (struct posix_timer){0};
}

EXPORT int timer_create(clockid_t clock, struct sigevent *event, timer_t *id)
{
    int result = REAL_VERSION(timer_create, "GLIBC_2.3.3")(clock, event, id);
    int kind = event ? event->sigev_notify : SIGEV_SIGNAL;
    if (result < 0 || (clock != CLOCK_MONOTONIC && clock != CLOCK_REALTIME) || (kind != SIGEV_SIGNAL && kind != SIGEV_THREAD_ID))
        return result;
    struct posix_timer timer = {.id = *id, .clock = clock, .signal = event ? event->sigev_signo : SIGALRM};
    timer.value = event ? event->sigev_value.sival_ptr : *id; /* the timer's id: timer_create(2) */
    timer.tid = kind == SIGEV_THREAD_ID ? event->_sigev_un._tid : 0;
    pthread_mutex_lock(&lock);
    if (timer.signal > 0)
        add(&timer);
    pthread_mutex_unlock(&lock);
    return result;
}

EXPORT int timer_delete(timer_t id)
{
    pthread_mutex_lock(&lock);
    struct posix_timer *timer = find(id);
    if (timer)
        drop(timer);
    pthread_mutex_unlock(&lock);
    return REAL_VERSION(timer_delete, "GLIBC_2.3.3")(id);
}

static int settime(timer_t id, int flags, const struct itimerspec *new, struct itimerspec *old)
{
    return REAL_VERSION(timer_settime, "GLIBC_2.3.3")(id, flags, new, old);
}

static clockid_t clock_of(const struct posix_timer *timer) { return timer->is_absolute ? timer->clock : CLOCK_MONOTONIC; }

/* What is left of a timer that the service has. */
static struct itimerspec left_of(const struct posix_timer *timer)
{
    int number = timer->number - 1;
    int64_t now = now_ns(clock_of(timer)), next = timers_next(number, now);
    return (struct itimerspec){.it_value = timespec_of(next ? next - now : 0), .it_interval = timespec_of(timers_line(number)->interval_ns)};
}

static int can_serve(struct posix_timer *timer)
{
    if (!session_serves())
        return 0;
    if (!timer->number) {
        timer->number = timers_take() + 1;
        if (timer->number)
            owners[timer->number - 1] = (int32_t)(timer - timers) + 1;
    }
    return timer->number > 0;
}

static void arm(struct posix_timer *timer, int64_t deadline_ns, int64_t interval_ns)
{
    timer->is_ours = 1;
    timers_arm(timer->number - 1, &(struct arming){.kind = TIMER_SIGNAL, .deadline_ns = deadline_ns, .interval_ns = interval_ns,
        .is_realtime = clock_of(timer) == CLOCK_REALTIME, .lead_ns = (uint32_t)signals_lead(timer->signal), .signal = timer->signal, .tid = timer->tid, .value = timer->value});
}

/* entered_ns: by CLOCK_MONOTONIC, when the call began. */
static void arm_plain(struct posix_timer *timer, int flags, int64_t entered_ns, const struct itimerspec *new)
{
    timer->is_absolute = (flags & TIMER_ABSTIME) != 0;
    arm(timer, (timer->is_absolute ? 0 : entered_ns) + ns_of(&new->it_value), ns_of(&new->it_interval));
}

EXPORT int timer_settime(timer_t id, int flags, const struct itimerspec *new, struct itimerspec *old)
{
    struct posix_timer *timer = find(id);
    if (!timer || !new || (flags & ~TIMER_ABSTIME) || !is_plain(&new->it_value) || !is_plain(&new->it_interval))
        return settime(id, flags, new, old);
    sigset_t all, mask;
    int64_t entered_ns = now_ns(CLOCK_MONOTONIC);
    sigfillset(&all);
    REAL(pthread_sigmask)(SIG_SETMASK, &all, &mask); /* a handler may set this timer too */
    static const struct itimerspec none;
    int was_ours = timer->is_ours, result = 0;
    struct itimerspec before = {0};
    if (was_ours) {
        before = left_of(timer);
        timers_disarm(timer->number - 1);
        timer->is_ours = 0;
    }
    if (ns_of(&new->it_value) > 0 && can_serve(timer)) {
        if (!was_ours)
            result = settime(id, 0, &none, &before);
        if (result == 0)
            arm_plain(timer, flags, entered_ns, new);
    } else {
        timer->is_absolute = (flags & TIMER_ABSTIME) != 0;
        result = settime(id, flags, new, was_ours ? NULL : &before);
    }
    if (old && result == 0)
        *old = before;
    REAL(pthread_sigmask)(SIG_SETMASK, &mask, NULL);
    return result;
}

EXPORT int timer_gettime(timer_t id, struct itimerspec *value)
{
    struct posix_timer *timer = find(id);
    if (!timer || !timer->is_ours || !value)
        return REAL_VERSION(timer_gettime, "GLIBC_2.3.3")(id, value);
    *value = left_of(timer);
    return 0;
}

EXPORT int timer_getoverrun(timer_t id)
{
    struct posix_timer *timer = find(id);
    return timer && timer->is_ours ? timer->overrun : REAL_VERSION(timer_getoverrun, "GLIBC_2.3.3")(id);
}

void posix_timers_accept(int number, siginfo_t *info)
{
    int32_t owner = __atomic_load_n(&owners[number], __ATOMIC_RELAXED);
    if (!owner)
        return;
    info->si_timerid = (int)(intptr_t)timers[owner - 1].id;
    timers[owner - 1].overrun = info->si_overrun;
}

/* The service is gone: may run in a handler. */
void posix_timers_to_kernel(void)
{
    for (unsigned i = 0; i < TIMERS; i++)
        if (timers[i].is_ours) {
            int number = timers[i].number - 1;
            int64_t due_ns = timers_undelivered(number);
            struct itimerspec rest = {.it_value = timespec_of(due_ns), .it_interval = timespec_of(timers_line(number)->interval_ns)};
            timers[i].is_ours = 0;
            timers_line(number)->armed = 0;
            int64_t late_ns = now_ns(clock_of(&timers[i])) - due_ns; /* what is due already expires at once */
            int is_absolute = clock_of(&timers[i]) == timers[i].clock;
            if (!is_absolute)
                rest.it_value = timespec_of(late_ns < 0 ? -late_ns : 1);
            if (due_ns)
                settime(timers[i].id, is_absolute ? TIMER_ABSTIME : 0, &rest, NULL);
        }
}

/* It is there again: what still runs in the kernel comes back. */
void posix_timers_to_service(void)
{
    static const struct itimerspec none;
    struct itimerspec left;
    for (unsigned i = 0; i < TIMERS; i++)
        if (timers[i].number && !timers[i].is_ours && settime(timers[i].id, 0, &none, &left) == 0 && ns_of(&left.it_value) > 0)
            arm(&timers[i], now_ns(clock_of(&timers[i])) + ns_of(&left.it_value), ns_of(&left.it_interval));
}

void posix_timers_forget(void)
{
    memset(timers, 0, sizeof timers);
    memset(places, 0, sizeof places);
    memset(owners, 0, sizeof owners);
}
