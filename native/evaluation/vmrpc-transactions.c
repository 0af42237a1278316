/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-transactions: one byte to a peer and one byte back over TCP, one after the other, in a window that programs of several VMs share;
 * what netperf calls TCP_RR. The peer is vmrpc-net-peer.
 */
#define _GNU_SOURCE
#include "window.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { FAILED = 1, WRONG_USAGE = 2, WARM_UP = 200 };

static void die(const char *what)
{
    fprintf(stderr, "vmrpc-transactions: %s failed: %s\n", what, errno ? strerror(errno) : "the peer has closed the connection");
    exit(FAILED);
}

static int open_to(const struct sockaddr_in *peer)
{
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)peer, sizeof *peer))
        die("connect to the peer");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

static void transact(int fd, unsigned serial)
{
    unsigned char request = (unsigned char)serial, answer;
    errno = 0;
    if (send(fd, &request, 1, MSG_NOSIGNAL) != 1 || recv(fd, &answer, 1, 0) != 1)
        die("a transaction");
    if (answer != request) {
        fprintf(stderr, "vmrpc-transactions: the answer to %d is %d\n", request, answer);
        exit(FAILED);
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in peer = {.sin_family = AF_INET};
    int next = window_words(argc, argv), port = next > 0 && argc == next + 2 ? atoi(argv[next + 1]) : 0;
    if (port < 1 || port > 65535 || inet_pton(AF_INET, argv[next], &peer.sin_addr) != 1) {
        fputs("vmrpc-transactions: use vmrpc-transactions " WINDOW_USAGE " PEER PORT\n", stderr);
        return WRONG_USAGE;
    }
    peer.sin_port = htons((uint16_t)port);
    int fd = open_to(&peer);
    unsigned done = 0;
    while (done < WARM_UP)
        transact(fd, done++);
    struct window window = window_enter("vmrpc-transactions", argv);
    int64_t began_ns = window_now_ns(), now_ns = began_ns;
    unsigned first = done;
    while (now_ns < window.end_ns) {
        transact(fd, done++);
        now_ns = window_now_ns();
    }
    window_print(&window, began_ns, now_ns);
    printf(" count=%u ns=%lld\n", done - first, (long long)(now_ns - began_ns));
    return 0;
}
