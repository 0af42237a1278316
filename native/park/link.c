/* SPDX-License-Identifier: MIT
 *
 * The link to the agent (docs/protocol.md, section 8), in a thread of its own: it brings the doorbell's eventfd, and its
 * hang-up is how the agent's death is noticed. While no agent listens, one failed connect every 250 ms is all it costs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "shim.h"

#define RETRY_MS 250
#define WELCOME_MS 1000

static int stopping(struct vmrpc_shim *shim, int wait_ms)
{
    struct pollfd p = {.fd = shim->stop_fd, .events = POLLIN};
    return poll(&p, 1, wait_ms) > 0;
}

/* Waits for `fd` or for the end of the shim. 1: fd has something, 0: time is up or the shim closes. */
static int await(struct vmrpc_shim *shim, int fd, int wait_ms)
{
    struct pollfd p[2] = {{.fd = shim->stop_fd, .events = POLLIN}, {.fd = fd, .events = POLLIN | POLLRDHUP}};
    while (poll(p, 2, wait_ms) < 0 && errno == EINTR) {
    }
    return p[0].revents == 0 && p[1].revents != 0;
}

static int connect_to_agent(struct vmrpc_shim *shim)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(shim->socket_path) >= sizeof address.sun_path)
        return -1; /* vmrpc_link_start has refused it */
    strcpy(address.sun_path, shim->socket_path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

/* The region's folder may be writable by others (/dev/shm): only the region's owner, or root, is its agent. */
static int is_agent(struct vmrpc_shim *shim, int fd)
{
    struct ucred peer;
    socklen_t length = sizeof peer;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 && (peer.uid == 0 || peer.uid == shim->region_owner);
}

static int say_hello(struct vmrpc_shim *shim, int fd)
{
    struct vmrpc_link_hello hello = {.magic = VMRPC_MAGIC,
                                     .version = VMRPC_VERSION_MAJOR << 16 | VMRPC_VERSION_MINOR,
                                     .shim_kind = shim->config.kind,
                                     .region_id = shim->region_id,
                                     .shim_epoch = shim->epoch};
    return send(fd, &hello, sizeof hello, MSG_NOSIGNAL) == (ssize_t)sizeof hello; /* an empty socket buffer takes 32 bytes at once */
}

/* Receives up to `length` bytes, and the last descriptor that rides on them: the buffer has room for two, padding being what it is. */
static ssize_t receive(int fd, void *bytes, size_t length, int *descriptor)
{
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec piece = {.iov_base = bytes, .iov_len = length};
    struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
    if (got <= 0)
        return got;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        for (size_t at = 0; CMSG_LEN(at + sizeof(int)) <= c->cmsg_len; at += sizeof(int)) {
            if (*descriptor >= 0)
                close(*descriptor);
            memcpy(descriptor, CMSG_DATA(c) + at, sizeof(int));
        }
    }
    return got;
}

/* Each vCPU writes to it: a full pipe would hold that vCPU, one without a reader would bring the VMM a SIGPIPE. What an eventfd
 * has and those have not is a mode without file type. */
static int is_doorbell(int descriptor)
{
    struct stat st;
    int flags = fcntl(descriptor, F_GETFL);
    return flags >= 0 && (flags & O_NONBLOCK) && fstat(descriptor, &st) == 0 && (st.st_mode & S_IFMT) == 0;
}

/* NULL and a doorbell, or why there is no link. */
static const char *await_welcome(struct vmrpc_shim *shim, int fd, uint64_t *agent_epoch, int *doorbell)
{
    static const char *const refusals[] = {
        [VMRPC_LINK_BUSY] = "the agent already serves another shim on this region",
        [VMRPC_LINK_FOREIGN_REGION] = "the agent serves another region: the file was replaced, restart the VM",
        [VMRPC_LINK_VERSION] = "the agent speaks another protocol version: use agent and shim of one release",
    };
    struct vmrpc_link_welcome welcome;
    size_t have = 0;
    int64_t deadline = vmrpc_monotonic_ns() + WELCOME_MS * INT64_C(1000000);
    while (have < sizeof welcome) {
        int64_t left_ms = (deadline - vmrpc_monotonic_ns()) / 1000000;
        if (left_ms <= 0 || !await(shim, fd, (int)left_ms))
            return "the agent sent no welcome within a second";
        ssize_t got = receive(fd, (char *)&welcome + have, sizeof welcome - have, doorbell);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (got <= 0)
            return "the agent hung up before its welcome";
        have += (size_t)got;
    }
    if (welcome.magic != VMRPC_MAGIC)
        return "what answers there is no VMRPC agent";
    if (welcome.version >> 16 != VMRPC_VERSION_MAJOR)
        return refusals[VMRPC_LINK_VERSION];
    if (welcome.status != VMRPC_LINK_LINKED)
        return welcome.status <= VMRPC_LINK_VERSION ? refusals[welcome.status] : "the agent refused for a reason unknown to this shim";
    if (*doorbell < 0)
        return "the agent's welcome carried no doorbell";
    if (!is_doorbell(*doorbell))
        return "the agent's doorbell is no non-blocking eventfd";
    *agent_epoch = welcome.agent_epoch;
    return NULL;
}

static void publish(struct vmrpc_shim *shim, enum vmrpc_link link)
{
    __atomic_store_n(&shim->link, (uint32_t)link, __ATOMIC_RELAXED);
    __atomic_store_n(&shim->header->shim.link, (uint32_t)link, __ATOMIC_RELEASE);
}

/* dup3 exchanges what the number refers to in one step, so a vCPU thread that rings meanwhile writes to the one or the other
 * eventfd, never to a number that was closed and reused. */
static void bring_up(struct vmrpc_shim *shim, int doorbell, uint64_t agent_epoch)
{
    dup3(doorbell, shim->doorbell_fd, O_CLOEXEC);
    __atomic_store_n(&shim->header->shim.link_epoch, agent_epoch, __ATOMIC_RELEASE);
    publish(shim, VMRPC_LINK_UP);
}

static void bring_down(struct vmrpc_shim *shim)
{
    dup3(shim->nowhere_fd, shim->doorbell_fd, O_CLOEXEC);
    publish(shim, VMRPC_LINK_DOWN);
    __atomic_fetch_add(&shim->losses, 1u, __ATOMIC_RELAXED);
    for (unsigned i = 0; i < shim->slots; i++)
        vmrpc_shim_alarm(shim, i);
}

/* The agent never speaks after its welcome: whatever comes is the end, a hang-up or a breach. */
static void serve(struct vmrpc_shim *shim, int fd)
{
    while (!await(shim, fd, -1))
        if (stopping(shim, 0))
            return;
    vmrpc_shim_log(shim, "agent lost: its socket hung up; every park has been ended, connecting again");
}

static void *run(void *argument)
{
    struct vmrpc_shim *shim = argument;
    const char *said = NULL; /* each refusal is logged once, not four times a second */
    pthread_setname_np(pthread_self(), "vmrpc-link");
    do {
        int fd = connect_to_agent(shim);
        if (fd < 0)
            continue;
        uint64_t agent_epoch = 0;
        int doorbell = -1;
        const char *why = !is_agent(shim, fd) ? "the socket belongs to a user who is neither the region's owner nor root"
                          : !say_hello(shim, fd) ? "the agent hung up before our hello"
                                                 : await_welcome(shim, fd, &agent_epoch, &doorbell);
        if (!why) {
            bring_up(shim, doorbell, agent_epoch);
            vmrpc_shim_log(shim, "agent linked by %s", shim->socket_path);
            serve(shim, fd);
            bring_down(shim);
        } else if (why != said && !stopping(shim, 0)) {
            vmrpc_shim_log(shim, "no link by %s: %s", shim->socket_path, why);
        }
        said = why;
        if (doorbell >= 0)
            close(doorbell);
        close(fd);
    } while (!stopping(shim, RETRY_MS));
    return NULL;
}

int vmrpc_link_start(struct vmrpc_shim *shim)
{
    if (strlen(shim->socket_path) >= sizeof((struct sockaddr_un *)0)->sun_path)
        return ENAMETOOLONG;
    /* The VMM's signals are for the VMM's threads. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&shim->link_thread, NULL, run, shim);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

void vmrpc_link_stop(struct vmrpc_shim *shim)
{
    uint64_t one = 1;
    ssize_t written = write(shim->stop_fd, &one, sizeof one);
    (void)written;
    pthread_join(shim->link_thread, NULL);
}
