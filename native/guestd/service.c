/* SPDX-License-Identifier: Apache-2.0
 *
 * The service's own thread: programs come and go on the Unix socket, and the watch.
 *
 * The watch. The idler runs when nothing else on its CPU can. While a real-time program computes there, no timer of another program would be
 * served. So this thread, on another CPU, looks every few milliseconds whether something that waited at the last look still waits, the idler having had
 * no turn since; then it raises the idler to the highest priority, which serves what is due and steps down by itself.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

#include "cpu.h"
#include "guestd.h"
#include "wire.h"

#define LOOK_MS 4      /* each look is an interrupt of this CPU, and under TCG a moment of QEMU's big lock */
#define BUSY_LOOK_MS 1 /* for a second after the idler had to be raised */
#define QUIET_MS 1000
#define EVENTS 16
#define HIGHEST 99

enum source { LISTENER = MEMBERS, SIGNALS, CLOCK_SET };

struct service {
    struct guestd *guestd;
    int epoll, listener, signals, clock_set;
    uint32_t turns_seen;
    int was_waiting;
    int64_t raised_ns;
    int lent_to; /* a member's number, or -1 */
};

static void watch_fd(struct service *service, int fd, uint32_t source)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = source};
    if (epoll_ctl(service->epoll, EPOLL_CTL_ADD, fd, &event) < 0)
        die("epoll_ctl failed: %s", strerror(errno));
}

/* A socket under this path may be a dead service's: then nobody answers there. */
static int listen_on(const char *path, const char *group)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        die("--socket %s: the path is too long for a Unix socket, give one of at most %zu bytes", path, sizeof address.sun_path - 1);
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int probe = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (connect(probe, (struct sockaddr *)&address, sizeof address) == 0)
        die("--socket %s: another vmrpc-guestd serves there; end it first", path);
    close(probe);
    unlink(path);
    mode_t mask = umask(0177);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 128) < 0)
        die("cannot listen on %s: %s: run as root, or give another path with --socket", path, strerror(errno));
    umask(mask);
    if (group) {
        struct group *found = getgrnam(group);
        if (!found)
            die("--group %s: there is no such group: groupadd %s", group, group);
        if (chown(path, (uid_t)-1, found->gr_gid) < 0 || chmod(path, 0660) < 0)
            die("cannot give %s to group %s: %s", path, group, strerror(errno));
    }
    return fd;
}

/* Expires never, and is cancelled when somebody sets CLOCK_REALTIME: timerfd_create(2). */
static void rearm_clock_set(int fd)
{
    struct itimerspec never = {.it_value.tv_sec = INT64_C(4000000000)};
    timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL);
}

static void answer(struct guestd *guestd, struct member *member, enum guestd_status status, int fd)
{
    struct guestd_answer answer = {.version = GUESTD_VERSION, .status = status, .cpu = (uint32_t)guestd->cpu, .slot = guestd->vcpu.index};
    wire_send(member->socket, &answer, sizeof answer, fd); /* a program that does not listen has hung up, or harms itself */
}

/* Sealed against shrinking: a table that shrinks under the idler would be a SIGBUS. */
static enum guestd_status map_table(struct guestd *guestd, struct member *member, uint32_t number, int fd)
{
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
        timers[i] = (struct timer_entry){.entry.place = HEAP_OUTSIDE, .member = (uint16_t)number, .number = (uint16_t)i};
    __atomic_store_n(&member->table->is_serving, 0, __ATOMIC_RELAXED); /* a former service's word */
    __atomic_store_n(&member->state, MEMBER_JOINED, __ATOMIC_RELEASE);
    idler_nudge(guestd);
    return GUESTD_OK;
}

/* The idler may be writing to the present one, so it makes the change itself. */
static enum guestd_status take_count(struct guestd *guestd, struct member *member, uint32_t number, int fd)
{
    if (number >= TABLE_TIMERS)
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

static enum guestd_status lend(struct service *service, struct member *member, uint32_t number)
{
    if (member->uid != 0)
        return GUESTD_NOT_ALLOWED;
    if (service->lent_to >= 0)
        return GUESTD_LENT;
    struct guestd *guestd = service->guestd;
    service->lent_to = (int)number;
    __atomic_store_n(&guestd->is_lent, 1, __ATOMIC_RELEASE);
    idler_nudge(guestd);
    while (!__atomic_load_n(&guestd->is_suspended, __ATOMIC_ACQUIRE)) { /* the idler may be in the middle of a park */
        struct sched_param highest = {.sched_priority = HIGHEST};
        sched_setscheduler(guestd->idler_tid, SCHED_FIFO, &highest);
        usleep(100);
    }
    struct sched_param none = {0};
    sched_setscheduler(guestd->idler_tid, SCHED_OTHER, &none);
    return GUESTD_OK;
}

static void hang_up(struct service *service, uint32_t number)
{
    struct guestd *guestd = service->guestd;
    struct member *member = &guestd->members[number];
    close(member->socket);
    member->socket = -1;
    if (service->lent_to == (int)number) {
        service->lent_to = -1;
        __atomic_store_n(&guestd->is_lent, 0, __ATOMIC_RELEASE);
    }
    uint32_t joined = MEMBER_JOINED;
    if (!__atomic_compare_exchange_n(&member->state, &joined, MEMBER_LEAVING, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        __atomic_store_n(&member->state, MEMBER_DEAD, __ATOMIC_RELEASE); /* it never joined */
    idler_nudge(guestd);
}

static void handle(struct service *service, uint32_t number)
{
    struct member *member = &service->guestd->members[number];
    struct guestd_request request;
    int fd;
    int error = wire_receive(member->socket, &request, sizeof request, &fd);
    enum guestd_status status = GUESTD_BAD_CALL;
    int handed = -1;
    if (!error && request.version != GUESTD_VERSION)
        status = GUESTD_VERSION_DIFFERS;
    else if (!error && request.call == GUESTD_HELLO && !member->table)
        status = map_table(service->guestd, member, number, fd);
    else if (!error && request.call == GUESTD_COUNT && member->table)
        status = take_count(service->guestd, member, request.number, fd);
    else if (!error && request.call == GUESTD_CPU)
        status = GUESTD_OK;
    else if (!error && request.call == GUESTD_LEND && member->table && (status = lend(service, member, number)) == GUESTD_OK)
        handed = service->guestd->region_fd;
    if (fd >= 0)
        close(fd);
    if (error == EAGAIN)
        return;
    if (!error)
        answer(service->guestd, member, status, handed);
    if (error || status == GUESTD_VERSION_DIFFERS || status == GUESTD_BAD_TABLE || status == GUESTD_FULL)
        hang_up(service, number);
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
static void collect(struct guestd *guestd)
{
    uint32_t end = guestd->members_end;
    for (uint32_t i = 0; i < end; i++)
        if (__atomic_load_n(&guestd->members[i].state, __ATOMIC_ACQUIRE) == MEMBER_DEAD)
            release(&guestd->members[i]);
    while (end > 0 && guestd->members[end - 1].state == MEMBER_FREE && guestd->members[end - 1].socket < 0)
        end--;
    __atomic_store_n(&guestd->members_end, end, __ATOMIC_RELEASE);
}

static struct member *free_member(struct guestd *guestd)
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

static void accept_one(struct service *service)
{
    struct guestd *guestd = service->guestd;
    int fd = accept4(service->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    struct ucred peer;
    socklen_t length = sizeof peer;
    collect(guestd);
    struct member *member = free_member(guestd);
    if (!member || getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0) {
        struct guestd_answer full = {.version = GUESTD_VERSION, .status = GUESTD_FULL};
        wire_send(fd, &full, sizeof full, -1);
        close(fd);
        return;
    }
    *member = (struct member){.socket = fd, .pid = peer.pid, .uid = peer.uid, .pidfd = (int)syscall(SYS_pidfd_open, peer.pid, 0u)};
    watch_fd(service, fd, (uint32_t)(member - guestd->members));
}

/* Did something wait at the last look, and has the idler had no turn since? */
static void look(struct service *service)
{
    struct guestd *guestd = service->guestd;
    uint32_t turns = __atomic_load_n(&guestd->turns, __ATOMIC_ACQUIRE);
    int is_waiting = now_ns(CLOCK_MONOTONIC) > __atomic_load_n(&guestd->next_ns, __ATOMIC_RELAXED) || serve_has_changes(guestd);
    if (is_waiting && service->was_waiting && turns == service->turns_seen && !__atomic_load_n(&guestd->is_suspended, __ATOMIC_RELAXED)) {
        struct sched_param highest = {.sched_priority = HIGHEST};
        sched_setscheduler(guestd->idler_tid, SCHED_FIFO, &highest);
        guestd->boosts++;
        service->raised_ns = now_ns(CLOCK_MONOTONIC);
    }
    service->was_waiting = is_waiting;
    service->turns_seen = turns;
}

static int has_members(const struct guestd *guestd)
{
    for (uint32_t i = 0; i < guestd->members_end; i++)
        if (__atomic_load_n(&guestd->members[i].state, __ATOMIC_RELAXED) == MEMBER_JOINED)
            return 1;
    return 0;
}

static void open_service(struct service *service, const char *path, const char *group)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    service->listener = listen_on(path, group);
    service->epoll = epoll_create1(EPOLL_CLOEXEC);
    service->signals = signalfd(-1, &signals, SFD_CLOEXEC);
    service->clock_set = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    if (service->epoll < 0 || service->signals < 0 || service->clock_set < 0)
        die("cannot make epoll, signal and timer descriptors: %s", strerror(errno));
    rearm_clock_set(service->clock_set);
    watch_fd(service, service->listener, LISTENER);
    watch_fd(service, service->signals, SIGNALS);
    watch_fd(service, service->clock_set, CLOCK_SET);
}

/* 1: a signal asks for the end. */
static int dispatch(struct service *service, uint32_t source)
{
    struct guestd *guestd = service->guestd;
    uint64_t expirations;
    switch (source) {
    case LISTENER:
        accept_one(service);
        return 0;
    case SIGNALS:
        return 1;
    case CLOCK_SET:
        if (read(service->clock_set, &expirations, sizeof expirations) < 0 && errno == ECANCELED)
            __atomic_store_n(&guestd->clock_was_set, 1, __ATOMIC_SEQ_CST);
        rearm_clock_set(service->clock_set);
        idler_nudge(guestd);
        return 0;
    default:
        handle(service, source);
        return 0;
    }
}

/* Programs that wait are told, and go on with the kernel's timers. */
static void dismiss(struct guestd *guestd)
{
    for (uint32_t i = 0; i < guestd->members_end; i++) {
        struct table *table = guestd->members[i].table;
        if (table)
            __atomic_store_n(&table->is_serving, 0, __ATOMIC_SEQ_CST);
    }
}

static int look_ms(const struct service *service)
{
    if (!has_members(service->guestd))
        return QUIET_MS;
    return service->raised_ns + QUIET_MS * INT64_C(1000000) > now_ns(CLOCK_MONOTONIC) ? BUSY_LOOK_MS : LOOK_MS;
}

void service_run(struct guestd *guestd, const char *path, const char *group, int ready_fd)
{
    struct service service = {.guestd = guestd, .lent_to = -1, .raised_ns = INT64_MIN / 2};
    open_service(&service, path, group);
    if (write(ready_fd, "", 1) < 0) /* who waits for it may be gone */
        errno = 0;
    for (int is_ending = 0; !is_ending;) {
        struct epoll_event events[EVENTS];
        int count = epoll_wait(service.epoll, events, EVENTS, look_ms(&service));
        for (int i = 0; i < count; i++)
            is_ending |= dispatch(&service, events[i].data.u32);
        look(&service);
        if (count == 0)
            collect(guestd);
    }
    unlink(path);
    dismiss(guestd);
}
