/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-cycle: a control loop as programs have it without VMRPC, the same on a host, in a container and in a guest: wait for the next period,
 * send a datagram to a peer that echoes it, wait for the answer. It sleeps in clock_nanosleep(2) and recv(2), or with -b polls clock and socket
 * and never sleeps.
 *
 *   -a CPU      runs there only; without, anywhere
 *   -p PRIORITY SCHED_FIFO of 1 to 99; without, SCHED_OTHER
 *   -i US       the period
 *   -n CYCLES   recorded, after -w WARM_UP others; those that were missed count
 *   -b          polls; with SO_BUSY_POLL where the kernel has it
 *
 * Says "begin" when it is ready for the first cycle, then, after the last one, "end", how many answers did not come within a second, and whether
 * the kernel polls the network too. Writes to FILE.timer how late each cycle began, a cycle that was missed counting as late as the wait that
 * swallowed it, and to FILE.exchange how long each exchange took, from before send until after recv: int64, ns, by CLOCK_MONOTONIC.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define USAGE "use vmrpc-cycle [-a CPU] [-p PRIORITY] [-i US] [-n CYCLES] [-w WARM_UP] [-b] ADDRESS PORT FILE"

enum { FAILED = 1, WRONG_USAGE = 2, PAYLOAD = 64, BUSY_POLL_US = 50, TRIES = 5 };
static const int64_t SECOND_NS = 1000000000;

struct samples {
    int64_t *ns;
    long count, most;
};

static struct samples lateness, exchanges;
static int64_t period_ns = 10000000;
static int fd, is_polling, has_busy_poll;
static long lost;

static void die(const char *what)
{
    fprintf(stderr, "vmrpc-cycle: %s failed: %s\n", what, strerror(errno));
    exit(FAILED);
}

static int64_t now_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * SECOND_NS + ts.tv_nsec;
}

static void prepare(struct samples *samples, long most)
{
    samples->most = most;
    samples->ns = malloc((size_t)most * sizeof *samples->ns);
    if (!samples->ns)
        die("malloc");
    memset(samples->ns, 1, (size_t)most * sizeof *samples->ns); /* touched, so that no page fault falls into a cycle */
}

static void record(struct samples *samples, int64_t ns)
{
    if (samples->count < samples->most)
        samples->ns[samples->count++] = ns;
}

static void schedule(int cpu, int priority)
{
    struct sched_param param = {.sched_priority = priority};
    cpu_set_t set;
    CPU_ZERO(&set);
    if (cpu >= 0) {
        CPU_SET((size_t)cpu, &set);
        if (sched_setaffinity(0, sizeof set, &set))
            die("sched_setaffinity");
    }
    if (sched_setscheduler(0, priority > 0 ? SCHED_FIFO : SCHED_OTHER, &param))
        die("sched_setscheduler");
    if (mlockall(MCL_CURRENT | MCL_FUTURE))
        die("mlockall");
}

static void open_to(const struct sockaddr_in *peer)
{
    struct timeval second = {.tv_sec = 1};
    int us = BUSY_POLL_US;
    fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)peer, sizeof *peer) ||
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second))
        die("connect");
    has_busy_poll = is_polling && setsockopt(fd, SOL_SOCKET, SO_BUSY_POLL, &us, sizeof us) == 0; /* a PREEMPT_RT kernel has none */
}

static void await(int64_t due_ns)
{
    struct timespec due = {.tv_sec = due_ns / SECOND_NS, .tv_nsec = due_ns % SECOND_NS};
    if (is_polling) {
        while (now_ns() < due_ns)
            ;
        return;
    }
    while ((errno = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL))) {
        if (errno != EINTR)
            die("clock_nanosleep");
    }
}

/* Waits for the answer that has the number; one that was given up may still come. Returns 0 if none comes within a second. */
static int answer(int64_t number, int64_t sent_ns)
{
    char bytes[PAYLOAD];
    for (;;) {
        ssize_t received = recv(fd, bytes, sizeof bytes, is_polling ? MSG_DONTWAIT : 0);
        if (received == PAYLOAD && memcmp(bytes, &number, sizeof number) == 0)
            return 1;
        if (received < 0 && errno != EAGAIN && errno != EINTR)
            die("recv");
        if (now_ns() - sent_ns > SECOND_NS)
            return 0;
    }
}

static int ask(int64_t number, int64_t sent_ns)
{
    char bytes[PAYLOAD] = {0};
    memcpy(bytes, &number, sizeof number);
    if (send(fd, bytes, sizeof bytes, 0) != PAYLOAD)
        die("send");
    return answer(number, sent_ns);
}

/* A network that was made a moment ago loses its first packets. */
static void reach(void)
{
    for (int64_t number = -TRIES; number < 0; number++) {
        if (ask(number, now_ns()))
            return;
    }
    fprintf(stderr, "vmrpc-cycle: the peer does not answer\n");
    exit(FAILED);
}

static void exchange(int64_t number, int counts)
{
    int64_t sent_ns = now_ns();
    int came = ask(number, sent_ns);
    if (counts) {
        record(&exchanges, now_ns() - sent_ns); /* one that is lost took a second at least */
        lost += !came;
    }
}

/* Wakes up at the next period; a period that has gone by since is not waited for again, but counts. */
static int64_t cycle(int64_t due_ns, int64_t number, int counts)
{
    await(due_ns);
    int64_t now = now_ns();
    for (; due_ns <= now; due_ns += period_ns) {
        if (counts)
            record(&lateness, now - due_ns);
    }
    exchange(number, counts);
    return due_ns;
}

static void store(const char *file, const char *suffix, const struct samples *samples)
{
    char path[4096];
    snprintf(path, sizeof path, "%s.%s", file, suffix);
    FILE *out = fopen(path, "wb");
    if (!out || fwrite(samples->ns, sizeof *samples->ns, (size_t)samples->count, out) != (size_t)samples->count || fclose(out))
        die(path);
}

static struct {
    long cycles, warm_up;
    int cpu, priority;
    struct sockaddr_in peer;
    const char *file;
} options = {.cycles = 1000, .warm_up = 100, .cpu = -1};

/* Returns 0 if they cannot be. */
static int parse(int argc, char **argv)
{
    int option;
    while ((option = getopt(argc, argv, "a:p:i:n:w:b")) != -1) {
        switch (option) {
        case 'a': options.cpu = atoi(optarg); break;
        case 'p': options.priority = atoi(optarg); break;
        case 'i': period_ns = atol(optarg) * 1000; break;
        case 'n': options.cycles = atol(optarg); break;
        case 'w': options.warm_up = atol(optarg); break;
        case 'b': is_polling = 1; break;
        default: return 0;
        }
    }
    if (argc - optind != 3 || inet_pton(AF_INET, argv[optind], &options.peer.sin_addr) != 1)
        return 0;
    int port = atoi(argv[optind + 1]);
    options.peer.sin_family = AF_INET;
    options.peer.sin_port = htons((uint16_t)port);
    options.file = argv[optind + 2];
    return port > 0 && port < 65536 && options.cpu < CPU_SETSIZE && options.priority >= 0 && options.priority < 100 && period_ns >= 1000 &&
           options.cycles > 0 && options.warm_up >= 0;
}

int main(int argc, char **argv)
{
    if (!parse(argc, argv)) {
        fputs("vmrpc-cycle: " USAGE "\n", stderr);
        return WRONG_USAGE;
    }
    prepare(&lateness, options.cycles);
    prepare(&exchanges, options.cycles);
    schedule(options.cpu, options.priority);
    open_to(&options.peer);
    reach();
    puts("begin");
    fflush(stdout);
    int64_t number = 0, due_ns = now_ns() + period_ns, warm_ns = due_ns + options.warm_up * period_ns;
    while (due_ns < warm_ns)
        due_ns = cycle(due_ns, number++, 0);
    while (lateness.count < options.cycles)
        due_ns = cycle(due_ns, number++, 1);
    store(options.file, "timer", &lateness);
    store(options.file, "exchange", &exchanges);
    printf("end lost=%ld busy_poll=%d\n", lost, has_busy_poll);
    return 0;
}
