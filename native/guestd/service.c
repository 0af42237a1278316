/* SPDX-License-Identifier: Apache-2.0
 *
 * The service's own thread: programs come and go on the Unix socket; between two messages the watch looks (watch.c).
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

#define EVENTS 16

enum source { LISTENER = MEMBERS, SIGNALS, CLOCK_SET };

struct service {
    struct guestd *guestd;
    int epoll, listener, signals, clock_set;
    int spare; /* a descriptor for who must be refused when all are in use */
    struct watch watch;
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
    sched_setscheduler(guestd->idler_tid, SCHED_OTHER, &none); /* idle again by its first turn afterwards */
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
    member_leave(guestd, member);
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
        status = member_join(service->guestd, member, fd);
    else if (!error && request.call == GUESTD_COUNT && member->table)
        status = member_count(service->guestd, member, request.number, fd);
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

static void refuse(int fd)
{
    struct guestd_answer full = {.version = GUESTD_VERSION, .status = GUESTD_FULL};
    wire_send(fd, &full, sizeof full, -1);
    close(fd);
}

/* Without a descriptor left, who waits to be accepted would be reported for ever: one is kept for the refusal. */
static void refuse_one(struct service *service)
{
    close(service->spare);
    int fd = accept4(service->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0)
        refuse(fd);
    service->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void accept_one(struct service *service)
{
    struct guestd *guestd = service->guestd;
    int fd = accept4(service->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) {
        if (errno == EMFILE || errno == ENFILE)
            refuse_one(service);
        return;
    }
    struct ucred peer;
    socklen_t length = sizeof peer;
    members_collect(guestd);
    struct member *member = members_free(guestd);
    int pidfd = -1;
    if (member && getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0)
        pidfd = (int)syscall(SYS_pidfd_open, peer.pid, 0u);
    if (pidfd < 0) { /* no place, or no descriptor: its signals could not be sent */
        refuse(fd);
        return;
    }
    *member = (struct member){.socket = fd, .pid = peer.pid, .uid = peer.uid, .pidfd = pidfd};
    watch_fd(service, fd, (uint32_t)(member - guestd->members));
}

static void open_service(struct service *service, const char *path, const char *group)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    service->listener = listen_on(path, group);
    service->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
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

void service_run(struct guestd *guestd, const char *path, const char *group, int ready_fd)
{
    struct service service = {.guestd = guestd, .lent_to = -1, .watch = {.raised_ns = INT64_MIN / 2}};
    open_service(&service, path, group);
    if (write(ready_fd, "", 1) < 0) /* who waits for it may be gone */
        errno = 0;
    for (int is_ending = 0; !is_ending;) {
        struct epoll_event events[EVENTS];
        int count = epoll_wait(service.epoll, events, EVENTS, watch_ms(&service.watch, guestd));
        for (int i = 0; i < count; i++)
            is_ending |= dispatch(&service, events[i].data.u32);
        watch_look(&service.watch, guestd);
        if (count == 0)
            members_collect(guestd);
    }
    unlink(path);
    dismiss(guestd);
}
