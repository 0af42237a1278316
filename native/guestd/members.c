/* SPDX-License-Identifier: Apache-2.0
 *
 * Programs from hello to hang-up, on the service's thread. While a member is JOINED or LEAVING the idler works on it; what it holds is freed when the
 * idler has let go (DEAD).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guestd.h"

/* Sealed against shrinking: a table that shrinks under the idler would be a SIGBUS. */
enum guestd_status member_join(struct guestd *guestd, struct member *member, int fd)
{
    uint16_t number = (uint16_t)(member - guestd->members);
    struct stat st;
    int seals = fcntl(fd, F_GET_SEALS);
    if (seals < 0 || !(seals & F_SEAL_SHRINK) || fstat(fd, &st) < 0 || st.st_size != sizeof(struct table))
        return GUESTD_BAD_TABLE;
    struct timer_entry *timers = calloc(TABLE_TIMERS, sizeof *timers);
    void *table = mmap(NULL, sizeof(struct table), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (!timers || table == MAP_FAILED) {
        free(timers);
        return GUESTD_FULL;
    }
    member->table = table;
    member->timers = timers;
    if (member->table->magic != TABLE_MAGIC)
        return GUESTD_BAD_TABLE;
    for (unsigned i = 0; i < TABLE_TIMERS; i++)
        timers[i] = (struct timer_entry){.entry.place = HEAP_OUTSIDE, .member = number, .number = (uint16_t)i};
    __atomic_store_n(&member->table->is_serving, 0, __ATOMIC_RELAXED); /* a former service's word */
    __atomic_store_n(&member->state, MEMBER_JOINED, __ATOMIC_RELEASE);
    idler_nudge(guestd);
    return GUESTD_OK;
}

/* Nothing else that a program hands over shall be written to. */
static int is_eventfd(int fd)
{
    char path[64], target[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(path, target, sizeof target - 1);
    target[length > 0 ? length : 0] = 0;
    return !strcmp(target, "anon_inode:[eventfd]");
}

/* The idler may be writing to the present one, so it makes the change itself. */
enum guestd_status member_count(struct guestd *guestd, struct member *member, uint32_t number, int fd)
{
    if (number >= TABLE_TIMERS || (fd >= 0 && !is_eventfd(fd)))
        return GUESTD_BAD_CALL;
    int own = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (fd >= 0 && own < 0)
        return GUESTD_FULL;
    int unseen = __atomic_exchange_n(&member->timers[number].new_fd, own < 0 ? COUNT_NONE : own + 1, __ATOMIC_ACQ_REL);
    if (unseen > 0)
        close(unseen - 1);
    __atomic_store_n(&member->has_new_fds, 1, __ATOMIC_RELEASE);
    idler_nudge(guestd);
    return GUESTD_OK;
}

void member_leave(struct guestd *guestd, struct member *member)
{
    uint32_t joined = MEMBER_JOINED;
    if (!__atomic_compare_exchange_n(&member->state, &joined, MEMBER_LEAVING, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        __atomic_store_n(&member->state, MEMBER_DEAD, __ATOMIC_RELEASE); /* it never joined */
    idler_nudge(guestd);
}

/* What a program that left has held; the idler has let go of it. */
static void release(struct member *member)
{
    for (unsigned i = 0; member->timers && i < TABLE_TIMERS; i++) {
        if (member->timers[i].count_fd > 0)
            close(member->timers[i].count_fd - 1);
        if (member->timers[i].new_fd > 0)
            close(member->timers[i].new_fd - 1);
    }
    free(member->timers);
    if (member->table)
        munmap(member->table, sizeof *member->table);
    if (member->pidfd >= 0)
        close(member->pidfd);
    *member = (struct member){.state = MEMBER_FREE, .socket = -1, .pidfd = -1};
}

/* The idler looks at all below the end in each turn. */
void members_collect(struct guestd *guestd)
{
    uint32_t end = guestd->members_end;
    for (uint32_t i = 0; i < end; i++)
        if (__atomic_load_n(&guestd->members[i].state, __ATOMIC_ACQUIRE) == MEMBER_DEAD)
            release(&guestd->members[i]);
    while (end > 0 && guestd->members[end - 1].state == MEMBER_FREE && guestd->members[end - 1].socket < 0)
        end--;
    __atomic_store_n(&guestd->members_end, end, __ATOMIC_RELEASE);
}

struct member *members_free(struct guestd *guestd)
{
    for (uint32_t i = 0; i < MEMBERS; i++) {
        struct member *member = &guestd->members[i];
        if (__atomic_load_n(&member->state, __ATOMIC_ACQUIRE) != MEMBER_FREE || member->socket >= 0)
            continue;
        if (i >= guestd->members_end)
            __atomic_store_n(&guestd->members_end, i + 1, __ATOMIC_RELEASE);
        return member;
    }
    return NULL;
}
