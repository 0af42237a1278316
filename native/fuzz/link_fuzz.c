/* SPDX-License-Identifier: Apache-2.0
 *
 * A hostile or broken process behind the agent's socket: rubbish, pieces, descriptors of every kind and number, hang-ups. The link's
 * thread must live, must lose no descriptor, must reach an honest agent afterwards, and the doorbell must never block a vCPU.
 *
 * Linked with --wrap=poll: the link's pauses of 250 ms and 1 s pass 50 times faster.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "fuzz.h"
#include "link_steps.h"
#include "shim.h"

#define MOST_CONNECTIONS 6
#define MOST_STEPS 40
#define MOST_DESCRIPTORS 8
#define EPOCH UINT64_C(77)

int __real_poll(struct pollfd *fds, nfds_t n, int timeout_ms);
int __wrap_poll(struct pollfd *fds, nfds_t n, int timeout_ms);
int __wrap_poll(struct pollfd *fds, nfds_t n, int timeout_ms) { return __real_poll(fds, n, timeout_ms > 99 ? timeout_ms / 50 : timeout_ms); }

static char path[200];
static struct vmrpc_header *header;
static int listener;

static void on_sigpipe(int number)
{
    (void)number;
    fail("SIGPIPE: the VMM would be gone");
}

static void set_up(void)
{
    signal(SIGPIPE, on_sigpipe);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char socket_path[sizeof path];
    scratch_path(path, sizeof path, "link");
    header = (struct vmrpc_header *)create_region(path);
    scratch_path(socket_path, sizeof socket_path, "link");
    strcat(socket_path, ".sock");
    MUST(strlen(socket_path) < sizeof address.sun_path, "%s is too long for a socket: set VMRPC_FUZZ_DIR", socket_path);
    strcpy(address.sun_path, socket_path);
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    unlink(socket_path);
    MUST(bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 16) == 0, "%s: %m", socket_path);
}

/* Whoever was broken off must come again. */
static int await_connection(void)
{
    struct pollfd p = {.fd = listener, .events = POLLIN};
    int64_t end = fuzz_now_ns() + STUCK_NS;
    while (__real_poll(&p, 1, 1000) != 1) /* libFuzzer's timer interrupts it */
        MUST(fuzz_now_ns() < end, "the shim does not connect again");
    return accept4(listener, NULL, NULL, SOCK_CLOEXEC);
}

static int is_link(enum vmrpc_link link) { return __atomic_load_n(&header->shim.link, __ATOMIC_ACQUIRE) == (uint32_t)link; }

static void await_no_link(void)
{
    for (int64_t end = fuzz_now_ns() + STUCK_NS; is_link(VMRPC_LINK_UP); usleep(100))
        MUST(fuzz_now_ns() < end, "the link does not go down");
}

/* What a broken agent may send for a doorbell. Two numbers at most: the second is closed with it. */
static int descriptor_of(enum descriptor kind, int *other)
{
    static const char block[65536];
    int pair[2];
    uint64_t full = UINT64_MAX - 1;
    *other = -1;
    switch (kind) {
    case DESCRIPTOR_FULL_EVENTFD: /* blocking: a write to it waits for ever */
        pair[0] = eventfd(0, EFD_CLOEXEC);
        MUST(write(pair[0], &full, sizeof full) == (ssize_t)sizeof full, "eventfd: %m");
        return pair[0];
    case DESCRIPTOR_FULL_PIPE:
    case DESCRIPTOR_CLOSED_PIPE:
        MUST(pipe2(pair, O_CLOEXEC) == 0 && write(pair[1], block, sizeof block) == (ssize_t)sizeof block, "pipe: %m");
        if (kind == DESCRIPTOR_FULL_PIPE)
            *other = pair[0];
        else
            close(pair[0]); /* a write to it is answered by SIGPIPE */
        return pair[1];
    case DESCRIPTOR_NULL:
        return open("/dev/null", O_RDWR | O_CLOEXEC);
    case DESCRIPTOR_SOCKET:
        MUST(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0, "socketpair: %m");
        close(pair[1]);
        return pair[0];
    default:
        return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    }
}

static void send_piece(int fd, const void *bytes, size_t n, unsigned descriptors, const int *descriptor)
{
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int) * MOST_DESCRIPTORS)];
    } control = {0};
    struct iovec piece = {.iov_base = (void *)(uintptr_t)bytes, .iov_len = n};
    struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
    if (descriptors > 0) {
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * descriptors);
        struct cmsghdr *c = CMSG_FIRSTHDR(&message);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof(int) * descriptors);
        memcpy(CMSG_DATA(c), descriptor, sizeof(int) * descriptors);
    }
    ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT); /* fails once the shim has hung up, and may */
    (void)sent;
}

static void send_with(int fd, const void *bytes, size_t n, struct input *in)
{
    unsigned count = take8(in) % (MOST_DESCRIPTORS + 1u);
    int other, one = descriptor_of((enum descriptor)(take8(in) % DESCRIPTORS), &other), each[MOST_DESCRIPTORS];
    for (unsigned i = 0; i < MOST_DESCRIPTORS; i++)
        each[i] = one;
    send_piece(fd, bytes, n, count, each);
    close(one);
    if (other >= 0)
        close(other);
}

static struct vmrpc_link_welcome good_welcome(void)
{
    return (struct vmrpc_link_welcome){.magic = VMRPC_MAGIC, .version = VMRPC_VERSION_MAJOR << 16, .status = VMRPC_LINK_LINKED, .agent_epoch = EPOCH};
}

static void send_welcome(int fd, struct input *in)
{
    struct vmrpc_link_welcome welcome = good_welcome();
    uint8_t *bytes = (uint8_t *)&welcome, from = take8(in) % sizeof welcome, to = take8(in) % (sizeof welcome + 1u), at = take8(in) % sizeof welcome;
    bytes[at] ^= take8(in);
    send_with(fd, bytes + from, from < to ? (size_t)(to - from) : 0, in);
}

static void ring(struct vmrpc_shim *shim)
{
    int64_t before = fuzz_now_ns();
    header->agent_sleep.sleeping = 1;
    vmrpc_shim_doorbell(shim);
    MUST(fuzz_now_ns() < before + STUCK_NS, "the doorbell blocked");
}

/* 0 when the input is at its end. */
static int serve_badly(struct vmrpc_shim *shim, int fd, struct input *in)
{
    uint8_t bytes[256];
    for (int i = 0; i < MOST_STEPS && input_left(in); i++) {
        size_t n;
        switch ((enum link_step)(take8(in) % LINK_STEPS)) {
        case LINK_SEND:
            n = take8(in);
            take_bytes(in, bytes, n);
            send_with(fd, bytes, n, in);
            break;
        case LINK_WELCOME:
            send_welcome(fd, in);
            break;
        case LINK_PAUSE:
            usleep(take8(in) * 16u);
            break;
        case LINK_SHUTDOWN:
            shutdown(fd, take8(in) % 3);
            break;
        case LINK_RING:
            ring(shim);
            break;
        default:
            return 1;
        }
    }
    return input_left(in);
}

/* 1 when the link is up by this connection; 0 if the shim gave it up: on a busy machine our welcome may come too late. */
static int welcome_well(int fd, int doorbell)
{
    struct vmrpc_link_hello hello;
    struct vmrpc_link_welcome welcome = good_welcome();
    int64_t end = fuzz_now_ns() + STUCK_NS;
    if (recv(fd, &hello, sizeof hello, MSG_WAITALL) != sizeof hello)
        return 0;
    MUST(hello.magic == VMRPC_MAGIC && hello.region_id == REGION_ID && hello.shim_epoch == header->shim.shim_epoch, "a wrong hello");
    send_piece(fd, &welcome, sizeof welcome, 1, &doorbell);
    for (struct pollfd p = {.fd = fd, .events = POLLRDHUP}; !is_link(VMRPC_LINK_UP); usleep(100)) {
        MUST(fuzz_now_ns() < end, "the link does not come up");
        if (__real_poll(&p, 1, 0) == 1)
            return 0;
    }
    return 1;
}

/* After all that, an honest agent must be found, rung and missed. */
static void serve_well(struct vmrpc_shim *shim)
{
    uint64_t rings = 0;
    int doorbell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), fd = -1;
    int64_t end = fuzz_now_ns() + STUCK_NS;
    await_no_link();
    for (; fd < 0 || !welcome_well(fd, doorbell); fd = await_connection()) {
        MUST(fuzz_now_ns() < end, "no honest agent is found");
        if (fd >= 0)
            close(fd);
    }
    MUST(header->shim.link_epoch == EPOCH, "link_epoch is %llu", (unsigned long long)header->shim.link_epoch);
    ring(shim);
    MUST(read(doorbell, &rings, sizeof rings) == (ssize_t)sizeof rings && rings == 1, "the doorbell was not rung");
    close(fd);
    await_no_link();
    ring(shim);
    MUST(read(doorbell, &rings, sizeof rings) < 0 && errno == EAGAIN, "the doorbell of a dead agent was rung");
    close(doorbell);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!header)
        set_up();
    unsigned before = open_descriptors();
    char error[300];
    struct input in = {data, data + size};
    struct vmrpc_shim_config config = {.region = path, .kind = VMRPC_SHIM_LOOPBACK};
    struct vmrpc_shim *shim = vmrpc_shim_open(&config, error, sizeof error);
    MUST(shim != NULL, "%s", error);
    for (int i = 0, more = 1; i < MOST_CONNECTIONS && more; i++) {
        int fd = await_connection();
        more = serve_badly(shim, fd, &in);
        close(fd);
    }
    serve_well(shim);
    vmrpc_shim_close(shim);
    for (int fd; (fd = accept(listener, NULL, NULL)) >= 0;)
        close(fd); /* a last attempt to connect */
    unsigned after = open_descriptors();
    MUST(after == before, "%u descriptors before, %u after", before, after);
    return 0;
}
