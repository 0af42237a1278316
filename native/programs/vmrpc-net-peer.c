/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-net-peer: what `bench net` talks to, and what stands for another machine in tests. One thread, epoll.
 *
 *   UDP PORT      echoes each datagram to its sender
 *   TCP PORT      echoes what it reads
 *   TCP PORT + 1  reads to the end of the stream, then answers with the number of bytes, 8 bytes little-endian, and closes
 *
 * Says "ready" when it listens.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define USAGE "use vmrpc-net-peer ADDRESS PORT"

enum { FAILED = 1, WRONG_USAGE = 2, BATCH = 64, BACKLOG = 1024 };
enum kind { DATAGRAMS, LISTENER, SINK_LISTENER, ECHO, SINK };

struct peer {
    enum kind kind;
    int fd;
    uint64_t bytes;
};

static char buffer[1 << 20];
static int epoll_fd;

static void die(const char *what)
{
    fprintf(stderr, "vmrpc-net-peer: %s failed: %s\n", what, strerror(errno));
    exit(FAILED);
}

static void watch(enum kind kind, int fd)
{
    struct peer *peer = calloc(1, sizeof *peer);
    if (!peer)
        die("calloc");
    peer->kind = kind;
    peer->fd = fd;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = peer};
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event))
        die("epoll_ctl");
}

static void serve(enum kind kind, const char *address, int port)
{
    int fd = socket(AF_INET, (kind == DATAGRAMS ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0), on = 1;
    struct sockaddr_in local = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (fd < 0 || inet_pton(AF_INET, address, &local.sin_addr) != 1)
        die("socket");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&local, sizeof local))
        die("bind");
    if (kind != DATAGRAMS && listen(fd, BACKLOG))
        die("listen");
    watch(kind, fd);
}

static void end(struct peer *peer)
{
    close(peer->fd); /* epoll forgets it */
    free(peer);
}

static void echo_datagrams(struct peer *peer)
{
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    ssize_t received;
    while ((received = recvfrom(peer->fd, buffer, sizeof buffer, MSG_DONTWAIT, (struct sockaddr *)&from, &length)) >= 0) {
        if (sendto(peer->fd, buffer, (size_t)received, 0, (struct sockaddr *)&from, length) < 0 && errno != ECONNREFUSED)
            die("sendto");
        length = sizeof from;
    }
}

static void admit(struct peer *peer)
{
    int on = 1, fd = accept4(peer->fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    watch(peer->kind == LISTENER ? ECHO : SINK, fd);
}

static void echo(struct peer *peer)
{
    ssize_t received = recv(peer->fd, buffer, sizeof buffer, 0);
    for (ssize_t sent = 0, part; sent < received; sent += part) {
        part = send(peer->fd, buffer + sent, (size_t)(received - sent), MSG_NOSIGNAL);
        if (part < 0) {
            received = part;
            break;
        }
    }
    if (received <= 0)
        end(peer);
}

static void sink(struct peer *peer)
{
    ssize_t received = recv(peer->fd, buffer, sizeof buffer, 0);
    if (received > 0) {
        peer->bytes += (uint64_t)received;
        return;
    }
    if (received == 0)
        send(peer->fd, &peer->bytes, sizeof peer->bytes, MSG_NOSIGNAL);
    end(peer);
}

int main(int argc, char **argv)
{
    int port = argc == 3 ? atoi(argv[2]) : 0;
    if (port < 1 || port > 65534) {
        fprintf(stderr, "vmrpc-net-peer: " USAGE "; PORT is 1 to 65534\n");
        return WRONG_USAGE;
    }
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_fd < 0)
        die("epoll_create1");
    serve(DATAGRAMS, argv[1], port);
    serve(LISTENER, argv[1], port);
    serve(SINK_LISTENER, argv[1], port + 1);
    puts("ready");
    fflush(stdout);
    for (;;) {
        struct epoll_event events[BATCH];
        int count = epoll_wait(epoll_fd, events, BATCH, -1);
        if (count < 0 && errno != EINTR)
            die("epoll_wait");
        for (int i = 0; i < count; i++) {
            struct peer *peer = events[i].data.ptr;
            switch (peer->kind) {
            case DATAGRAMS: echo_datagrams(peer); break;
            case LISTENER:
            case SINK_LISTENER: admit(peer); break;
            case ECHO: echo(peer); break;
            case SINK: sink(peer); break;
            }
        }
    }
}
