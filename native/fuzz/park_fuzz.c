/* SPDX-License-Identifier: Apache-2.0
 *
 * A hostile guest: an input is a program of stores to any byte of the region, hypercalls, and what VMM and agent do meanwhile.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "park_machine.h"
#include "park_steps.h"
#include "watch.h"

#define MOST_STEPS 48

static struct machine machine;

static int64_t deadline_of(uint8_t kind, uint16_t us)
{
    int64_t away = us * INT64_C(1000);
    switch ((enum deadline)(kind % DEADLINES)) {
    case DEADLINE_AFTER:
        return fuzz_now_ns() + away;
    case DEADLINE_BEFORE:
        return fuzz_now_ns() - away;
    case DEADLINE_LEAST:
        return INT64_MIN + us;
    case DEADLINE_NEGATIVE:
        return -1 - us;
    case DEADLINE_ZERO:
        return us;
    case DEADLINE_LAST:
        return INT64_MAX - 1 - us;
    case DEADLINE_SECONDS:
        return INT64_MAX / 1000000000 + us;
    default:
        return VMRPC_NO_DEADLINE;
    }
}

static void store_anywhere(struct machine *m, struct input *in)
{
    uint8_t bytes[VMRPC_LINE];
    size_t offset = take16(in), n = take8(in) % VMRPC_LINE + 1u;
    take_bytes(in, bytes, n);
    machine_store(m, offset, bytes, n);
}

static void arm(struct machine *m, struct input *in)
{
    struct vmrpc_slot_guest_line line = {0};
    unsigned slot = take8(in) % REGION_SLOTS;
    line.armed = take8(in);
    line.expected = machine_slot(m, slot)->agent.event - take8(in);
    line.flags = take8(in);
    uint8_t kind = take8(in);
    line.deadline_ns = deadline_of(kind, take16(in));
    machine_store(m, VMRPC_PAGE + slot * sizeof(struct vmrpc_slot), &line, sizeof line);
}

/* Slots that the shim serves are parked in; the others must be refused, whatever the number. */
static void park(struct machine *m, uint8_t choice)
{
    unsigned slot = choice & 127u;
    if (slot < m->slots && choice < 128) {
        machine_park(m, slot);
        return;
    }
    unsigned number = slot == 127 ? UINT_MAX : slot;
    if (number < m->slots)
        machine_end(m, number, VMRPC_WAKE_INTERRUPT);
    int64_t before = fuzz_now_ns();
    enum vmrpc_wake_reason reason = vmrpc_shim_park(m->shim, number);
    int64_t took = fuzz_now_ns() - before;
    MUST(took < BOUND_NS + STUCK_NS, "a park of slot %u took %lld ns", number, (long long)took);
    if (number >= m->slots) {
        MUST(reason == VMRPC_WAKE_REFUSED, "a park of slot %u, which nobody serves, ended by %d", number, reason);
        return;
    }
    MUST(reason <= VMRPC_WAKE_INTERRUPT && machine_slot(m, number)->shim.reason == reason, "slot %u: reason %d", number, reason);
    MUST(machine_slot(m, number)->shim.acks == ++m->slot[number].acks, "slot %u: acks", number);
    machine_resync(m);
}

static void kick(struct machine *m, unsigned slot, int error)
{
    errno = error;
    vmrpc_shim_kick(m->shim, slot == 255 ? UINT_MAX : slot);
    MUST(errno == error, "a kick leaves errno %d instead of %d", errno, error);
    if (slot < m->slots)
        m->slot[slot].kicked = 1;
}

/* The word's other bytes move as kvm_run's do. */
static void mark(struct machine *m, unsigned slot, int marked)
{
    __atomic_store_n(&m->kick_word[slot], marked ? 0x0100u : 0x00020001u, __ATOMIC_RELAXED);
    m->slot[slot].marked = marked && m->own_words;
}

static void raise_event(struct machine *m, unsigned slot, unsigned increment)
{
    uint32_t *event = &machine_slot(m, slot)->agent.event;
    uint32_t value = __atomic_add_fetch(event, increment, __ATOMIC_SEQ_CST);
    ((struct vmrpc_slot *)(m->shadow + VMRPC_PAGE))[slot].agent.event = value;
    syscall(SYS_futex, event, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

/* As the link's thread does when the socket hangs up (link.c: bring_down). */
static void lose_link(struct machine *m)
{
    __atomic_store_n(&m->shim->link, (uint32_t)VMRPC_LINK_DOWN, __ATOMIC_RELAXED);
    __atomic_fetch_add(&m->shim->losses, 1u, __ATOMIC_RELAXED);
    for (unsigned i = 0; i < m->slots; i++) {
        vmrpc_shim_alarm(m->shim, i);
        m->slot[i].lost = 1;
    }
    m->up = 0;
}

static void bring_link_up(struct machine *m)
{
    __atomic_store_n(&m->shim->link, (uint32_t)VMRPC_LINK_UP, __ATOMIC_RELAXED);
    m->up = 1;
}

static void refuse(struct machine *m, unsigned refusal)
{
    vmrpc_shim_refuse(m->shim, (enum vmrpc_refusal)refusal);
    MUST(m->header->shim.refusal == refusal, "refusal %u is not announced", refusal);
    m->refused = refusal != 0;
}

static void fall_back(struct machine *m)
{
    vmrpc_shim_fall_back_to_slices(m->shim);
    MUST(vmrpc_shim_kick_mode(m->shim) == VMRPC_KICK_SLICES && m->header->shim.kick_mode == VMRPC_KICK_SLICES, "no fall-back to slices");
    m->slices = 1;
    for (unsigned i = 0; i < m->slots; i++)
        m->slot[i].kicked = 1;
}

struct meanwhile {
    struct machine *machine;
    size_t offset;
    uint64_t value;
};

static void act_meanwhile(void *context)
{
    struct meanwhile *w = context;
    machine_store(w->machine, w->offset, &w->value, sizeof w->value);
}

struct later {
    struct machine *machine;
    enum later_action action;
    unsigned slot, us;
};

static void *act_later(void *argument)
{
    struct later *l = argument;
    usleep(l->us);
    switch (l->action) {
    case LATER_EVENT:
        raise_event(l->machine, l->slot, 1);
        break;
    case LATER_KICK:
        kick(l->machine, l->slot, ENOENT);
        break;
    case LATER_LOST:
        lose_link(l->machine);
        break;
    default:
        refuse(l->machine, VMRPC_REFUSAL_SECCOMP);
    }
    return NULL;
}

static void park_beside(struct machine *m, struct input *in)
{
    struct later l = {.machine = m, .action = (enum later_action)(take8(in) % LATERS)};
    l.slot = take8(in) % m->slots;
    l.us = take8(in) * 4u;
    pthread_t thread;
    m->disturbed = 1;
    MUST(pthread_create(&thread, NULL, act_later, &l) == 0, "pthread_create");
    machine_park(m, l.slot);
    pthread_join(thread, NULL);
    m->disturbed = 0;
    machine_resync(m);
}

static void park_flipping(struct machine *m, unsigned slot)
{
    struct vmrpc_slot_guest_line line = {.armed = 1, .deadline_ns = VMRPC_NO_DEADLINE};
    struct vmrpc_slot_agent_line event = {0};
    size_t at = VMRPC_PAGE + slot * sizeof(struct vmrpc_slot);
    machine_end(m, slot, VMRPC_WAKE_INTERRUPT);
    machine_store(m, at, &line, sizeof line);
    machine_store(m, at + VMRPC_LINE, &event, sizeof event);
    watch_flip(&machine_slot(m, slot)->agent.event, BOUND_NS);
    machine_park(m, slot);
    watch_flip(NULL, 0);
    machine_store(m, at + VMRPC_LINE, &event, sizeof event);
}

static void step(struct machine *m, struct input *in)
{
    static struct meanwhile meanwhile;
    uint8_t slot, sleeping;
    switch ((enum park_step)(take8(in) % STEPS)) {
    case STEP_STORE:
        store_anywhere(m, in);
        break;
    case STEP_ARM:
        arm(m, in);
        break;
    case STEP_PARK:
        park(m, take8(in));
        break;
    case STEP_DOORBELL:
        machine_rings(m);
        vmrpc_shim_doorbell(m->shim);
        MUST(machine_rings(m) == (m->header->agent_sleep.sleeping == 1), "the doorbell of an agent with sleeping = %u", m->header->agent_sleep.sleeping);
        break;
    case STEP_SLEEPING:
        sleeping = take8(in);
        machine_store(m, offsetof(struct vmrpc_header, agent_sleep), &sleeping, sizeof sleeping);
        break;
    case STEP_KICK:
        slot = take8(in);
        kick(m, slot, take8(in));
        break;
    case STEP_EVENT:
        slot = take8(in) % REGION_SLOTS;
        raise_event(m, slot, take8(in));
        break;
    case STEP_REFUSE:
        refuse(m, take8(in));
        break;
    case STEP_FALL_BACK:
        fall_back(m);
        break;
    case STEP_BEGIN:
        slot = (uint8_t)(take8(in) % m->slots);
        if (!m->slot[slot].open)
            machine_begin(m, slot);
        break;
    case STEP_IS_OVER:
        machine_is_over(m, take8(in) % m->slots);
        break;
    case STEP_WAIT:
        machine_wait(m, take8(in) % m->slots);
        break;
    case STEP_END:
        slot = (uint8_t)(take8(in) % m->slots);
        machine_end(m, slot, (enum vmrpc_wake_reason)(take8(in) % (VMRPC_WAKE_INTERRUPT + 1u)));
        break;
    case STEP_FORETELL:
        machine_foretell(m, take8(in) % m->slots);
        break;
    case STEP_MARK:
        slot = (uint8_t)(take8(in) % m->slots);
        mark(m, slot, take8(in) & 1);
        break;
    case STEP_LINK:
        if (take8(in) & 1)
            bring_link_up(m);
        else
            lose_link(m);
        break;
    case STEP_MEANWHILE:
        meanwhile.machine = m;
        slot = take8(in) % 8;
        meanwhile.offset = take16(in);
        meanwhile.value = take64(in);
        watch_meanwhile(slot, act_meanwhile, &meanwhile);
        break;
    case STEP_LATER:
        park_beside(m, in);
        break;
    case STEP_FLIP:
        park_flipping(m, take8(in) % m->slots);
        break;
    case STEPS:
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, data + size};
    machine_open(&machine, take8(&in));
    for (int i = 0; i < MOST_STEPS && input_left(&in); i++) {
        step(&machine, &in);
        machine_check_lines(&machine);
    }
    machine_close(&machine);
    return 0;
}
