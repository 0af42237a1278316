/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-limits: what this machine allows at best. Two processes pass a word to and fro through shared memory, either spinning
 * or sleeping in a futex, and every round trip is timed.
 *
 * One sample is the time from before the first process stores its word until it has seen the other's answer, by CLOCK_MONOTONIC:
 * it contains one clock read (its cost is printed as clock_ns), because each sample begins where the one before it ended.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LINE 64
#define WARM_UP 10000

/* One line each, so that a store by one side does not take the line that the other side's own word is on. */
struct table {
    uint32_t ping __attribute__((aligned(LINE)));
    uint32_t pong __attribute__((aligned(LINE)));
    uint32_t done __attribute__((aligned(LINE))); /* the second process has answered everything */
};

static struct table *table;

struct options {
    int futex;
    long count;
    int cpu[2];
    const char *out;
};

static int64_t now_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static void pass(uint32_t *word, uint32_t value, int futex)
{
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
    if (futex)
        syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void await(uint32_t *word, uint32_t value, int futex)
{
    uint32_t seen;
    while ((seen = __atomic_load_n(word, __ATOMIC_ACQUIRE)) != value) {
        if (futex)
            syscall(SYS_futex, word, FUTEX_WAIT, seen, NULL, NULL, 0);
        else
            __builtin_ia32_pause();
    }
}

static void pin(int cpu)
{
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET((size_t)cpu, &cpus);
    if (sched_setaffinity(0, sizeof cpus, &cpus) != 0) {
        fprintf(stderr, "vmrpc-limits: sched_setaffinity to CPU %d failed: %s; name two usable CPUs by --cpus A,B\n", cpu, strerror(errno));
        exit(1);
    }
}

static void answer(struct table *t, const struct options *o, uint32_t rounds)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* the first process may be killed at any moment */
    pin(o->cpu[1]);
    for (uint32_t i = 1; i <= rounds; i++) {
        await(&t->ping, i, o->futex);
        pass(&t->pong, i, o->futex);
    }
    __atomic_store_n(&t->done, 1, __ATOMIC_RELEASE);
    _exit(0);
}

/* Nobody would ever answer the first process: end it, rather than let it spin for ever. */
static void on_child(int signal)
{
    static const char text[] = "vmrpc-limits: the second process ended early\n";
    (void)signal;
    if (__atomic_load_n(&table->done, __ATOMIC_ACQUIRE))
        return;
    ssize_t written = write(STDERR_FILENO, text, sizeof text - 1);
    (void)written;
    _exit(1);
}

static void measure(struct table *t, const struct options *o, int64_t *sample)
{
    int64_t before = now_ns();
    for (long i = 1; i <= WARM_UP + o->count; i++) {
        pass(&t->ping, (uint32_t)i, o->futex);
        await(&t->pong, (uint32_t)i, o->futex);
        int64_t after = now_ns();
        if (i > WARM_UP)
            sample[i - WARM_UP - 1] = after - before;
        before = after;
    }
}

static double clock_cost_ns(void)
{
    int64_t begin = now_ns();
    for (int i = 0; i < 99999; i++)
        now_ns();
    return (double)(now_ns() - begin) / 100000;
}

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void print(const struct options *o, int64_t *sample)
{
    double sum = 0;
    for (long i = 0; i < o->count; i++)
        sum += (double)sample[i];
    qsort(sample, (size_t)o->count, sizeof *sample, ascending);
    /* The smallest value that at least this share of the samples does not exceed. */
#define AT(permille) sample[(o->count * (permille) + 999) / 1000 - 1]
    printf("{\"bench\":\"rpc\",\"variant\":\"limit-%s\",\"params\":{\"cpus\":\"%d,%d\",\"clock_ns\":%.1f},\"unit\":\"ns\",\"count\":%ld,\"mean\":%.1f,"
           "\"p50\":%" PRId64 ",\"p90\":%" PRId64 ",\"p99\":%" PRId64 ",\"p999\":%" PRId64 ",\"max\":%" PRId64 "}\n",
           o->futex ? "futex" : "spin", o->cpu[0], o->cpu[1], clock_cost_ns(), o->count, sum / (double)o->count, AT(500), AT(900), AT(990),
           AT(999), AT(1000));
}

static int store(const char *path, const int64_t *sample, long count)
{
    FILE *file = fopen(path, "wb");
    if (file && fwrite(sample, sizeof *sample, (size_t)count, file) == (size_t)count && fclose(file) == 0)
        return 0;
    fprintf(stderr, "vmrpc-limits: --out %s: cannot write: %s\n", path, strerror(errno));
    return 1;
}

static void usage(FILE *to)
{
    fputs("usage: vmrpc-limits spin|futex [--count N] [--cpus A,B] [--out FILE]\n"
          "  --count N    round trips, 1 to 100000000; default 100000, after 10000 to warm up\n"
          "  --cpus A,B   the CPUs of the two processes; default 0,1\n"
          "  --out FILE   every sample in order, native-endian int64 nanoseconds\n"
          "Prints one line of JSON. A sample is one round trip and contains one clock read.\n",
          to);
}

static int refuse(const char *what, const char *value, const char *remedy)
{
    fprintf(stderr, "vmrpc-limits: %s '%s': %s\n", what, value, remedy);
    return -1;
}

static int parse(int argc, char **argv, struct options *o)
{
    static const struct option known[] = {
        {"count", required_argument, NULL, 'n'}, {"cpus", required_argument, NULL, 'c'}, {"out", required_argument, NULL, 'o'}, {"help", no_argument, NULL, 'h'}, {0}};
    char rest;
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (c == 'n' && (sscanf(optarg, "%ld%c", &o->count, &rest) != 1 || o->count < 1 || o->count > 100000000))
            return refuse("--count", optarg, "give 1 to 100000000");
        if (c == 'c' && (sscanf(optarg, "%d,%d%c", &o->cpu[0], &o->cpu[1], &rest) != 2 || o->cpu[0] < 0 || o->cpu[1] < 0 || o->cpu[0] >= CPU_SETSIZE ||
                         o->cpu[1] >= CPU_SETSIZE || o->cpu[0] == o->cpu[1]))
            return refuse("--cpus", optarg, "give two different CPUs, as 0,1");
        if (c == 'o')
            o->out = optarg;
        if (c == 'h') {
            usage(stdout);
            exit(0);
        }
        if (c == '?')
            return usage(stderr), -1;
    }
    if (optind + 1 != argc || (strcmp(argv[optind], "spin") != 0 && strcmp(argv[optind], "futex") != 0))
        return usage(stderr), -1;
    o->futex = strcmp(argv[optind], "futex") == 0;
    return 0;
}

int main(int argc, char **argv)
{
    struct options o = {.count = 100000, .cpu = {0, 1}};
    if (parse(argc, argv, &o) != 0)
        return 2;
    struct table *t = mmap(NULL, sizeof *t, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int64_t *sample = calloc((size_t)o.count, sizeof *sample);
    if (t == MAP_FAILED || !sample) {
        fprintf(stderr, "vmrpc-limits: out of memory for %ld samples: lower --count\n", o.count);
        return 1;
    }
    memset(sample, 1, (size_t)o.count * sizeof *sample); /* touched, so that no page fault falls into a round trip */
    table = t;
    signal(SIGCHLD, on_child);
    pin(o.cpu[1]); /* only to refuse a CPU that the second process could not use */
    pin(o.cpu[0]);
    pid_t peer = fork();
    if (peer < 0) {
        perror("vmrpc-limits: fork failed");
        return 1;
    }
    if (peer == 0)
        answer(t, &o, (uint32_t)(WARM_UP + o.count));
    measure(t, &o, sample);
    waitpid(peer, NULL, 0);
    if (o.out && store(o.out, sample, o.count) != 0)
        return 1;
    print(&o, sample);
    return 0;
}
