/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-loops: control loops as threads of a host, what `bench density` compares guests with. Each has a UDP socket of its own; each
 * period it sleeps until its time (clock_nanosleep), sends one datagram and waits for its answer.
 *
 *   vmrpc-loops THREADS PERIOD_NS COUNT PHASE_NS PRIORITY ADDRESS PORT
 *
 * Says "ready"; then stdin gives the CLOCK_MONOTONIC time of the first period. Thread i begins i * PHASE_NS later. stdout: for each thread
 * a line "thread", then for each cycle a line of two numbers, how late the thread ran and the time from its datagram to the answer, in ns;
 * 0: none came within a period; then "done". The threads stay until stdin ends, and with them what the kernel knows of their CPU time.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define USAGE "use vmrpc-loops THREADS PERIOD_NS COUNT PHASE_NS PRIORITY ADDRESS PORT"

enum { FAILED = 1, WRONG_USAGE = 2, STACK = 65536, MOST_THREADS = 100000, NS = 1000000000 };

struct sample {
    int64_t late_ns;
    int64_t answer_ns;
};

struct loop {
    pthread_t thread;
    int fd;
    int64_t first_ns;
    uint32_t number;
    uint32_t taken;
    struct sample *samples;
};

static int64_t period_ns, start_ns;
static uint32_t count;
static int priority;
static pthread_barrier_t barrier;

static void die(const char *what, int error)
{
    fprintf(stderr, "vmrpc-loops: %s failed: %s\n", what, strerror(error));
    exit(FAILED);
}

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * NS + time.tv_nsec;
}

/* An answer to an earlier datagram counts nothing. */
static int64_t exchange(struct loop *loop)
{
    uint32_t answer, number = ++loop->number;
    int64_t sent_ns = now();
    if (send(loop->fd, &number, sizeof number, 0) < 0)
        return 0;
    while (recv(loop->fd, &answer, sizeof answer, 0) == sizeof answer) /* SO_RCVTIMEO: a period */
        if (answer == number)
            return now() - sent_ns;
    return 0;
}

static void cycle(struct loop *loop, int64_t due_ns)
{
    struct timespec due = {.tv_sec = due_ns / NS, .tv_nsec = due_ns % NS};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL) == EINTR)
        continue;
    struct sample *sample = &loop->samples[loop->taken++];
    sample->late_ns = now() - due_ns;
    sample->answer_ns = exchange(loop);
}

/* The schedule is absolute; periods that a late wake has swallowed have no cycle. */
static void *run(void *context)
{
    struct loop *loop = context;
    struct sched_param param = {.sched_priority = priority};
    prctl(PR_SET_TIMERSLACK, 1);
    int error = priority ? pthread_setschedparam(pthread_self(), SCHED_FIFO, &param) : 0;
    if (error)
        die("sched_setscheduler", error);
    exchange(loop);
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier); /* start_ns is there */
    int64_t due_ns = start_ns + loop->first_ns, end_ns = due_ns + count * period_ns;
    while (due_ns < end_ns) {
        cycle(loop, due_ns);
        int64_t late_ns = loop->samples[loop->taken - 1].late_ns;
        due_ns += late_ns < period_ns ? period_ns : (late_ns / period_ns + 1) * period_ns;
    }
    pthread_barrier_wait(&barrier); /* the end */
    while (pause() < 0) /* always: it ends with the process */
        continue;
    return NULL;
}

static int connected(const char *address, int port)
{
    struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct timeval timeout = {.tv_sec = period_ns / NS, .tv_usec = period_ns % NS / 1000};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || inet_pton(AF_INET, address, &peer.sin_addr) != 1 || connect(fd, (struct sockaddr *)&peer, sizeof peer) ||
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout))
        die("connect", errno);
    return fd;
}

static void prepare(struct loop *loop, const char *address, int port)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK);
    loop->fd = connected(address, port);
    loop->samples = calloc(count, sizeof *loop->samples);
    int error = loop->samples ? pthread_create(&loop->thread, &attributes, run, loop) : ENOMEM;
    if (error)
        die("pthread_create", error);
}

static void report(const struct loop *loop)
{
    puts("thread");
    for (uint32_t i = 0; i < loop->taken; i++)
        printf("%lld %lld\n", (long long)loop->samples[i].late_ns, (long long)loop->samples[i].answer_ns);
}

int main(int argc, char **argv)
{
    long threads = argc == 8 ? atol(argv[1]) : 0;
    if (threads < 1 || threads > MOST_THREADS || atoll(argv[2]) < 1 || atol(argv[3]) < 1) {
        fprintf(stderr, "vmrpc-loops: " USAGE "\n");
        return WRONG_USAGE;
    }
    prctl(PR_SET_PDEATHSIG, 9);
    period_ns = atoll(argv[2]);
    count = (uint32_t)atol(argv[3]);
    priority = atoi(argv[5]);
    struct loop *loops = calloc((size_t)threads, sizeof *loops);
    if (!loops || pthread_barrier_init(&barrier, NULL, (unsigned)threads + 1))
        die("calloc", ENOMEM);
    for (long i = 0; i < threads; i++) {
        loops[i].first_ns = i * atoll(argv[4]);
        prepare(&loops[i], argv[6], atoi(argv[7]));
    }
    if (mlockall(MCL_CURRENT | MCL_FUTURE))
        die("mlockall", errno);
    pthread_barrier_wait(&barrier);
    puts("ready");
    fflush(stdout);
    long long given;
    if (scanf("%lld", &given) != 1)
        return FAILED;
    start_ns = given;
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier); /* the end */
    for (long i = 0; i < threads; i++)
        report(&loops[i]);
    puts("done");
    fflush(stdout);
    while (getchar() != EOF)
        continue;
    return 0;
}
