/* SPDX-License-Identifier: Apache-2.0
 *
 * Sockets for the agent's service "socket": non-blocking, addresses as on VMRPC's wire, errors as negative errno.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "vmrpc.h"
#include "vmrpc_abi.h"

enum { NONE, IPV4, IPV6, UNIX };

/* The longest address on the wire: a Unix one. */
struct wire {
    struct vmrpc_socket_address address;
    uint8_t rest[96];
};

union native {
    struct sockaddr any;
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
    struct sockaddr_un local;
    struct sockaddr_storage storage;
};

/* The caller has checked the family, and a path's length. */
static socklen_t to_native(const struct wire *wire, union native *out)
{
    const struct vmrpc_socket_address *a = &wire->address;
    memset(out, 0, sizeof *out);
    switch (a->family) {
    case IPV4:
        out->ipv4.sin_family = AF_INET;
        out->ipv4.sin_port = htons(a->port);
        memcpy(&out->ipv4.sin_addr, a->bytes, sizeof out->ipv4.sin_addr);
        return sizeof out->ipv4;
    case IPV6:
        out->ipv6.sin6_family = AF_INET6;
        out->ipv6.sin6_port = htons(a->port);
        out->ipv6.sin6_scope_id = a->scope;
        memcpy(&out->ipv6.sin6_addr, a->bytes, sizeof out->ipv6.sin6_addr);
        return sizeof out->ipv6;
    case UNIX:
        out->local.sun_family = AF_UNIX;
        memcpy(out->local.sun_path, (const uint8_t *)wire + offsetof(struct vmrpc_socket_address, bytes), a->port);
        return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + a->port + 1u);
    default:
        return 0;
    }
}

static void to_wire(const union native *from, socklen_t length, struct wire *wire)
{
    struct vmrpc_socket_address *a = &wire->address;
    memset(wire, 0, sizeof *wire);
    switch (length >= sizeof from->any.sa_family ? from->any.sa_family : AF_UNSPEC) {
    case AF_INET:
        a->family = IPV4;
        a->port = ntohs(from->ipv4.sin_port);
        memcpy(a->bytes, &from->ipv4.sin_addr, sizeof from->ipv4.sin_addr);
        break;
    case AF_INET6:
        a->family = IPV6;
        a->port = ntohs(from->ipv6.sin6_port);
        a->scope = from->ipv6.sin6_scope_id;
        memcpy(a->bytes, &from->ipv6.sin6_addr, sizeof from->ipv6.sin6_addr);
        break;
    case AF_UNIX: {
        size_t path = offsetof(struct sockaddr_un, sun_path);
        size_t most = length > path ? length - path : 0;
        a->family = UNIX;
        a->port = (uint16_t)strnlen(from->local.sun_path, most); /* an abstract or unnamed one has no path */
        memcpy((uint8_t *)wire + offsetof(struct vmrpc_socket_address, bytes), from->local.sun_path, a->port);
        break;
    }
    default:
        break;
    }
}

int vmrpc_socket_open(int family, int type)
{
    static const int families[] = {[IPV4] = AF_INET, [IPV6] = AF_INET6, [UNIX] = AF_UNIX};
    int fd = socket(families[family], (type == 1 ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    return fd < 0 ? -errno : fd;
}

int vmrpc_socket_bind(int fd, int64_t address)
{
    union native native;
    socklen_t length = to_native((const struct wire *)(intptr_t)address, &native);
    return bind(fd, &native.any, length) == 0 ? 0 : -errno;
}

int vmrpc_socket_connect(int fd, int64_t address)
{
    union native native;
    socklen_t length = to_native((const struct wire *)(intptr_t)address, &native);
    if (length == 0) { /* family 0 dissolves a datagram socket's association */
        native.any.sa_family = AF_UNSPEC;
        length = sizeof native.any;
    }
    return connect(fd, &native.any, length) == 0 ? 0 : -errno;
}

int vmrpc_socket_listen(int fd, int backlog)
{
    return listen(fd, backlog) == 0 ? 0 : -errno;
}

int vmrpc_socket_accept(int fd, int64_t peer)
{
    union native native;
    socklen_t length = sizeof native;
    int accepted = accept4(fd, &native.any, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted < 0)
        return -errno;
    to_wire(&native, length, (struct wire *)(intptr_t)peer);
    return accepted;
}

int vmrpc_socket_name(int fd, int peer, int64_t address)
{
    union native native;
    socklen_t length = sizeof native;
    int failed = peer ? getpeername(fd, &native.any, &length) : getsockname(fd, &native.any, &length);
    if (failed)
        return -errno;
    to_wire(&native, length, (struct wire *)(intptr_t)address);
    return 0;
}

int64_t vmrpc_socket_receive(int fd, int64_t data, int64_t length, int64_t more, int64_t more_length, int64_t from)
{
    union native native;
    struct iovec pieces[] = {{(void *)(intptr_t)data, (size_t)length}, {(void *)(intptr_t)more, (size_t)more_length}};
    struct msghdr message = {.msg_iov = pieces, .msg_iovlen = more_length > 0 ? 2 : 1};
    if (from != 0) {
        message.msg_name = &native;
        message.msg_namelen = sizeof native;
    }
    ssize_t received = recvmsg(fd, &message, MSG_DONTWAIT);
    if (received < 0)
        return -errno;
    if (from != 0)
        to_wire(&native, message.msg_namelen, (struct wire *)(intptr_t)from);
    return received;
}

int64_t vmrpc_socket_send(int fd, int64_t data, int64_t length, int64_t to)
{
    union native native;
    socklen_t native_length = to == 0 ? 0 : to_native((const struct wire *)(intptr_t)to, &native);
    ssize_t sent = sendto(fd, (const void *)(intptr_t)data, (size_t)length, MSG_DONTWAIT | MSG_NOSIGNAL,
                          native_length == 0 ? NULL : &native.any, native_length);
    return sent < 0 ? -errno : sent;
}

int vmrpc_socket_shutdown(int fd, int how)
{
    return shutdown(fd, how) == 0 ? 0 : -errno; /* the wire's numbers are SHUT_RD, SHUT_WR and SHUT_RDWR */
}

/* What an option of the wire is here; the second pair is for IPv6 sockets. */
static const struct option {
    int level, name, level6, name6;
} options[] = {
    [1] = {SOL_SOCKET, SO_REUSEADDR, SOL_SOCKET, SO_REUSEADDR},
    [2] = {SOL_SOCKET, SO_REUSEPORT, SOL_SOCKET, SO_REUSEPORT},
    [3] = {IPPROTO_TCP, TCP_NODELAY, IPPROTO_TCP, TCP_NODELAY},
    [4] = {SOL_SOCKET, SO_KEEPALIVE, SOL_SOCKET, SO_KEEPALIVE},
    [5] = {SOL_SOCKET, SO_RCVBUF, SOL_SOCKET, SO_RCVBUF},
    [6] = {SOL_SOCKET, SO_SNDBUF, SOL_SOCKET, SO_SNDBUF},
    [7] = {SOL_SOCKET, SO_LINGER, SOL_SOCKET, SO_LINGER},
    [8] = {IPPROTO_IP, IP_TOS, IPPROTO_IPV6, IPV6_TCLASS},
    [9] = {SOL_SOCKET, SO_BROADCAST, SOL_SOCKET, SO_BROADCAST},
    [10] = {IPPROTO_IP, IP_MULTICAST_TTL, IPPROTO_IPV6, IPV6_MULTICAST_HOPS},
    [11] = {IPPROTO_IP, IP_MULTICAST_LOOP, IPPROTO_IPV6, IPV6_MULTICAST_LOOP},
    [12] = {IPPROTO_IP, IP_MULTICAST_IF, IPPROTO_IPV6, IPV6_MULTICAST_IF},
    [13] = {IPPROTO_IPV6, IPV6_V6ONLY, IPPROTO_IPV6, IPV6_V6ONLY},
    [14] = {SOL_SOCKET, SO_ERROR, SOL_SOCKET, SO_ERROR},
    [15] = {IPPROTO_TCP, TCP_KEEPIDLE, IPPROTO_TCP, TCP_KEEPIDLE},
    [16] = {IPPROTO_TCP, TCP_KEEPINTVL, IPPROTO_TCP, TCP_KEEPINTVL},
    [17] = {IPPROTO_TCP, TCP_KEEPCNT, IPPROTO_TCP, TCP_KEEPCNT},
    [18] = {IPPROTO_TCP, TCP_USER_TIMEOUT, IPPROTO_TCP, TCP_USER_TIMEOUT},
};
enum { OPTIONS = sizeof options / sizeof options[0] };

int vmrpc_socket_set(int fd, int family, int option, int64_t value)
{
    if (option < 1 || option >= OPTIONS || value < INT32_MIN || value > INT32_MAX)
        return -EINVAL;
    const struct option *o = &options[option];
    int level = family == IPV6 ? o->level6 : o->level, name = family == IPV6 ? o->name6 : o->name;
    int number = (int)value, failed;
    if (level == SOL_SOCKET && name == SO_LINGER) {
        struct linger linger = {.l_onoff = number >= 0, .l_linger = number};
        failed = setsockopt(fd, level, name, &linger, sizeof linger);
    } else if (level == IPPROTO_IP && name == IP_MULTICAST_IF) {
        struct ip_mreqn interface = {.imr_ifindex = number};
        failed = setsockopt(fd, level, name, &interface, sizeof interface);
    } else {
        failed = setsockopt(fd, level, name, &number, sizeof number);
    }
    return failed ? -errno : 0;
}

/* The value, which is never negative but for SO_LINGER's -1, is stored; the result is 0 or an errno. */
int vmrpc_socket_get(int fd, int family, int option, int64_t value)
{
    if (option < 1 || option >= OPTIONS)
        return -EINVAL;
    const struct option *o = &options[option];
    int level = family == IPV6 ? o->level6 : o->level, name = family == IPV6 ? o->name6 : o->name;
    int number = 0;
    struct linger linger = {0, 0};
    int is_linger = level == SOL_SOCKET && name == SO_LINGER;
    socklen_t length = is_linger ? sizeof linger : sizeof number;
    if (getsockopt(fd, level, name, is_linger ? (void *)&linger : (void *)&number, &length))
        return -errno;
    *(int64_t *)(intptr_t)value = !is_linger ? number : linger.l_onoff ? linger.l_linger : -1;
    return 0;
}

int vmrpc_socket_member(int fd, int join, int64_t group, int64_t source, const char *interface)
{
    union native address;
    struct group_source_req request = {.gsr_interface = 0};
    int level = ((const struct wire *)(intptr_t)group)->address.family == IPV6 ? IPPROTO_IPV6 : IPPROTO_IP;
    if (interface[0] != 0 && (request.gsr_interface = if_nametoindex(interface)) == 0)
        return -errno;
    to_native((const struct wire *)(intptr_t)group, &address);
    memcpy(&request.gsr_group, &address, sizeof request.gsr_group);
    if (to_native((const struct wire *)(intptr_t)source, &address) != 0) {
        memcpy(&request.gsr_source, &address, sizeof request.gsr_source);
        return setsockopt(fd, level, join ? MCAST_JOIN_SOURCE_GROUP : MCAST_LEAVE_SOURCE_GROUP, &request, sizeof request) == 0 ? 0 : -errno;
    }
    struct group_req plain = {.gr_interface = request.gsr_interface, .gr_group = request.gsr_group};
    return setsockopt(fd, level, join ? MCAST_JOIN_GROUP : MCAST_LEAVE_GROUP, &plain, sizeof plain) == 0 ? 0 : -errno;
}
