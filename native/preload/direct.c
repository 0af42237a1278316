/* SPDX-License-Identifier: Apache-2.0
 *
 * Direct mode (VMRPC_DIRECT=1, vmrpc run --direct): the service lends its slot to the first thread of a real-time policy that waits on the real-time CPU, and that
 * thread parks the vCPU itself in its sleeps: no idler, no switch of threads on the way. Everything else is the kernel's meanwhile.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "park.h"
#include "preload.h"

#define CALIBRATIONS 100
#define MIN_PARK_NS 3000 /* not worth a park */
/* As a parked thread never sleeps in the guest kernel, the kernel's own threads of this CPU would never run: a breath now and then. */
#define BREATH_EVERY_NS NS_PER_S
#define BREATH_NS 100000
#define BREATH_MARGIN 5

static const struct lead_rule rule = {.most_ns = 200000, .up_ns = 200000, .down_ns = 50}; /* follows the longest way of the last seconds: nobody waits for this thread */

static const struct table_timer on_time; /* nobody stands between the shim and this thread */
static struct vcpu vcpu;
static struct region region;
static int64_t breath_due_ns;
static int fd = -1;

static int32_t wanted; /* 1 yes, -1 no */

static int is_wanted(void)
{
    int32_t answer = __atomic_load_n(&wanted, __ATOMIC_RELAXED);
    if (!answer) {
        const char *value = getenv("VMRPC_DIRECT");
        answer = value && value[0] == '1' ? 1 : -1;
        __atomic_store_n(&wanted, answer, __ATOMIC_RELAXED);
    }
    return answer > 0;
}

static int borrow(void)
{
    uint32_t slot;
    struct stat st;
    fd = session_ask_for_slot(&slot);
    if (fd < 0)
        return 0;
    fd = fds_guard(fd);
    if (fd < 0 || fstat(fd, &st) < 0)
        return 0;
    void *base = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
    if (base == MAP_FAILED || region_open(&region, &(struct bar){.address = (uintptr_t)base, .length = (uint32_t)st.st_size}) || slot >= region.slot_count)
        return 0;
    vcpu_bind(&vcpu, &region, slot);
    if (vcpu.instruction == VMRPC_INSTRUCTION_OUT && ioperm(VMRPC_PORT, 1, 1) < 0)
        return 0;
    clock_begin_ns(&vcpu.clock);
    for (int i = 0; i < CALIBRATIONS; i++)
        if (vcpu_probe(&vcpu) != PARK_ANSWERED)
            return 0;
    breath_due_ns = now_ns(CLOCK_MONOTONIC) + BREATH_EVERY_NS;
    return 1;
}

int direct_owns(void) { return self.is_owner; }

static int is_real_time(void)
{
    int policy = sched_getscheduler(0) & ~SCHED_RESET_ON_FORK;
    return policy == SCHED_FIFO || policy == SCHED_RR;
}

int direct_allows(void)
{
    static uint32_t is_taken;
    if (self.is_owner || !is_wanted())
        return 1;
    if (!is_real_time() || signals_in_handler() || __atomic_exchange_n(&is_taken, 1, __ATOMIC_ACQ_REL))
        return 0;
    int cancel = hold_cancel(), answer = 1;
    self.is_owner = borrow();
    self.lead_ns = 30000;
    if (!self.is_owner) {
        static const char sentence[] = "vmrpc: direct mode is not to be had: it needs root, and no other program in direct mode; going on in shared mode\n";
        __atomic_store_n(&wanted, -1, __ATOMIC_RELAXED);
        answer = write(2, sentence, sizeof sentence - 1) != 0;
    }
    release_cancel(cancel);
    return answer;
}

/* A breath that would come too near to the deadline waits for the next one. */
static void breathe(int64_t now, int64_t deadline_ns)
{
    if (now < breath_due_ns || deadline_ns - now < BREATH_MARGIN * BREATH_NS)
        return;
    struct timespec length = {.tv_nsec = BREATH_NS};
    REAL(nanosleep)(&length, NULL);
    breath_due_ns = now_ns(CLOCK_MONOTONIC) + BREATH_EVERY_NS;
}

/* A handler that runs in the middle ends the park by the kick of its interrupt, and is_interrupted says so. */
static int is_interrupted(void *nothing)
{
    (void)nothing;
    return __atomic_load_n(&self.is_interrupted, __ATOMIC_RELAXED);
}

enum outcome direct_sleep(clockid_t clock, int64_t deadline_ns)
{
    /* A clock that is set while it is waited for ends the wait by its new time: so look once a second. */
    self_begin();
    enum outcome outcome = WAIT_EXPIRED;
    for (int64_t now; outcome == WAIT_EXPIRED && (now = now_ns(clock)) < deadline_ns - (int64_t)self.lead_ns - MIN_PARK_NS;) {
        int64_t monotonic = clock == CLOCK_MONOTONIC ? now : now_ns(CLOCK_MONOTONIC);
        breathe(monotonic, monotonic + (deadline_ns - now));
        int64_t until = monotonic + (deadline_ns - now) - (int64_t)self.lead_ns;
        if (until > breath_due_ns && monotonic < breath_due_ns)
            until = breath_due_ns;
        int type;
        pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &type);
        enum park_outcome parked = park(&vcpu, is_interrupted, NULL, clock_host_ns(&vcpu.clock, (uint64_t)until), 0);
        pthread_setcanceltype(type, NULL);
        if (self.is_interrupted) /* first: a handler that slept itself has disarmed the slot, and this park is not answered */
            outcome = WAIT_INTERRUPTED;
        else if (parked == PARK_UNANSWERED)
            outcome = WAIT_LOST; /* the thread left this CPU, or the shim is gone: the kernel's sleep */
        else if (parked == PARK_ANSWERED && park_reason(&vcpu) == VMRPC_WAKE_DEADLINE && until != breath_due_ns)
            self.lead_ns = self_next_lead(self.lead_ns, &rule, &on_time, now_ns(clock) - (deadline_ns - (int64_t)self.lead_ns));
    }
    if (outcome == WAIT_EXPIRED)
        outcome = self_spin(deadline_ns, clock);
    self_end();
    return outcome;
}
