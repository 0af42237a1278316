/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-net-client: what an exchange with vmrpc-net-peer costs at best, from one thread of this machine that waits in the kernel: the limit that
 * `bench net` shows beside its rows.
 *
 * It sends 64 bytes on each of some sockets and waits until every one was answered; one socket waits in recv(2), several in epoll_wait(2). A sample is the
 * time from before a request's send(2) until its answer was received, by CLOCK_MONOTONIC.
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
#include <time.h>
#include <unistd.h>

#define USAGE "use vmrpc-net-client udp|tcp ADDRESS PORT SOCKETS COUNT FILE; SOCKETS is 1 to 1024, COUNT the samples, which go to FILE as int64, ns\n"

enum { FAILED = 1, WRONG_USAGE = 2, PAYLOAD = 64, MOST = 1024, WARM_UP_ROUNDS = 2000 };

struct exchange {
    int fd;
    int missing; /* bytes of the answer */
    int64_t sent_ns;
};

static struct exchange exchanges[MOST];
static int64_t *samples;
static long sampled, wanted;

static void die(const char *what)
{
    fprintf(stderr, "vmrpc-net-client: %s failed: %s\n", what, strerror(errno));
    exit(FAILED);
}

static int64_t now_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static int open_to(int is_tcp, const struct sockaddr_in *peer)
{
    int on = 1, fd = socket(AF_INET, (is_tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)peer, sizeof *peer))
        die("connect");
    if (is_tcp)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

static void request(struct exchange *e)
{
    static const char payload[PAYLOAD];
    e->missing = PAYLOAD;
    e->sent_ns = now_ns();
    if (send(e->fd, payload, sizeof payload, MSG_NOSIGNAL) != PAYLOAD)
        die("send");
}

/* Returns 1 if the answer is complete. */
static int answer(struct exchange *e, int flags, int counts)
{
    char bytes[PAYLOAD];
    ssize_t received = recv(e->fd, bytes, sizeof bytes, flags);
    if (received <= 0)
        die("recv");
    e->missing -= (int)received;
    if (e->missing > 0)
        return 0;
    if (counts && sampled < wanted)
        samples[sampled++] = now_ns() - e->sent_ns;
    return 1;
}

static void round_trip(int epoll_fd, int count, int counts)
{
    struct epoll_event events[64];
    for (int i = 0; i < count; i++)
        request(&exchanges[i]);
    if (count == 1) {
        while (!answer(&exchanges[0], 0, counts))
            ;
        return;
    }
    for (int answered = 0; answered < count;) {
        int ready = epoll_wait(epoll_fd, events, 64, -1);
        if (ready < 0 && errno != EINTR)
            die("epoll_wait");
        for (int i = 0; i < ready; i++)
            answered += answer(events[i].data.ptr, MSG_DONTWAIT, counts);
    }
}

static int store(const char *path)
{
    FILE *file = fopen(path, "wb");
    if (file && fwrite(samples, sizeof *samples, (size_t)sampled, file) == (size_t)sampled && fclose(file) == 0)
        return 0;
    fprintf(stderr, "vmrpc-net-client: %s: cannot write: %s\n", path, strerror(errno));
    return FAILED;
}

int main(int argc, char **argv)
{
    int is_tcp = argc == 7 && strcmp(argv[1], "tcp") == 0, port = argc == 7 ? atoi(argv[3]) : 0, count = argc == 7 ? atoi(argv[4]) : 0;
    struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    wanted = argc == 7 ? atol(argv[5]) : 0;
    if (wanted < 1 || count < 1 || count > MOST || port < 1 || port > 65535 || (!is_tcp && strcmp(argv[1], "udp") != 0) ||
        inet_pton(AF_INET, argv[2], &peer.sin_addr) != 1) {
        fputs("vmrpc-net-client: " USAGE, stderr);
        return WRONG_USAGE;
    }
    int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    samples = malloc((size_t)wanted * sizeof *samples);
    if (epoll_fd < 0 || !samples)
        die("start");
    memset(samples, 1, (size_t)wanted * sizeof *samples); /* touched, so that no page fault falls into a sample */
    for (int i = 0; i < count; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &exchanges[i]};
        exchanges[i].fd = open_to(is_tcp, &peer);
        if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, exchanges[i].fd, &event))
            die("epoll_ctl");
    }
    for (int i = 0; i < WARM_UP_ROUNDS; i++)
        round_trip(epoll_fd, count, 0);
    while (sampled < wanted)
        round_trip(epoll_fd, count, 1);
    return store(argv[6]);
}
