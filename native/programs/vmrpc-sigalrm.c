/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-sigalrm: how regularly a signal handler runs that an interval timer calls. It knows nothing of VMRPC: setitimer(2), a handler of
 * SIGALRM and pause(2), as a program of the 1990s has them. One sample is |time between two handlers - period|, ns by CLOCK_MONOTONIC.
 *
 * periodic: the kernel repeats the timer; an expiration that finds SIGALRM pending is lost, and the interval is two periods long.
 * oneshot:  the handler sets it again, so that what a handler is late is in the interval, and no later one makes up for it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define WARM_UP 25 /* the program binds to its clock and its CPU, an emulated one translates it */
#define BINS 100000 /* of 1 us each */
#define USAGE "use vmrpc-sigalrm [-a CPU] [-p PRIORITY] [-i PERIOD_US] [-n COUNT] [-k periodic|oneshot] [--out FILE]"

enum { FAILED = 1, WRONG_USAGE = 2 };

struct options {
    int cpu;
    int priority;
    int oneshot;
    long count;
    long period_us;
    const char *out;
};

/* What the handler needs; it alone writes while the timer runs. */
static struct {
    int64_t *sample;
    int64_t before;
    long seen; /* handlers so far: WARM_UP, one that begins the first interval, then one for each sample */
    long count;
    int64_t period_ns;
    struct itimerval timer;
    int oneshot;
} run;

static void die(int status, const char *format, ...)
{
    va_list arguments;
    fprintf(stderr, "vmrpc-sigalrm: ");
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\n");
    exit(status);
}

static void on_alarm(int signal)
{
    struct timespec ts; /* clock_gettime is async-signal-safe: signal-safety(7) */
    clock_gettime(CLOCK_MONOTONIC, &ts);
    (void)signal;
    if (run.oneshot)
        setitimer(ITIMER_REAL, &run.timer, NULL);
    int64_t now = (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
    long i = run.seen - WARM_UP - 1;
    if (i >= 0 && i < run.count) {
        int64_t off = now - run.before - run.period_ns;
        run.sample[i] = off < 0 ? -off : off;
    }
    run.before = now;
    __atomic_store_n(&run.seen, run.seen + 1, __ATOMIC_RELEASE); /* main reads it between two pauses */
}

static long number(const char *text, const char *option, long least, long most)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < least || value > most)
        die(WRONG_USAGE, "%s %s: give a number from %ld to %ld", option, text, least, most);
    return value;
}

static struct options parse(int argc, char **argv)
{
    static const struct option names[] = {
        {"cpu", required_argument, NULL, 'a'}, {"priority", required_argument, NULL, 'p'}, {"period", required_argument, NULL, 'i'},
        {"count", required_argument, NULL, 'n'}, {"kind", required_argument, NULL, 'k'}, {"out", required_argument, NULL, 'o'},
        {"help", no_argument, NULL, 'h'}, {0}};
    struct options o = {.cpu = -1, .count = 1000, .period_us = 10000};
    for (int c; (c = getopt_long(argc, argv, "a:p:i:n:k:o:h", names, NULL)) != -1;) {
        switch (c) {
        case 'a': o.cpu = (int)number(optarg, "-a", 0, CPU_SETSIZE - 1); break;
        case 'p': o.priority = (int)number(optarg, "-p", 1, 99); break;
        case 'i': o.period_us = number(optarg, "-i", 100, 999999); break;
        case 'n': o.count = number(optarg, "-n", 1, 100000000); break;
        case 'k':
            if (strcmp(optarg, "periodic") != 0 && strcmp(optarg, "oneshot") != 0)
                die(WRONG_USAGE, "-k %s: give periodic or oneshot", optarg);
            o.oneshot = optarg[0] == 'o';
            break;
        case 'o': o.out = optarg; break;
        case 'h': puts(USAGE); exit(0);
        default: exit(WRONG_USAGE); /* getopt has said what is wrong, in one line */
        }
    }
    if (optind < argc)
        die(WRONG_USAGE, "unknown argument %s: " USAGE, argv[optind]);
    return o;
}

static void become_real_time(const struct options *o)
{
    if (o->cpu >= 0) {
        cpu_set_t cpus;
        CPU_ZERO(&cpus);
        CPU_SET((size_t)o->cpu, &cpus);
        if (sched_setaffinity(0, sizeof cpus, &cpus) != 0)
            die(FAILED, "sched_setaffinity to CPU %d failed: %s; name a usable CPU by -a", o->cpu, strerror(errno));
    }
    const struct sched_param priority = {.sched_priority = o->priority};
    if (o->priority > 0 && sched_setscheduler(0, SCHED_FIFO, &priority) != 0)
        die(FAILED, "sched_setscheduler(SCHED_FIFO, %d) failed: %s; leave out -p, or run as root", o->priority, strerror(errno));
    if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0)
        die(FAILED, "mlockall failed: %s; raise ulimit -l, or run as root", strerror(errno));
}

static void measure(const struct options *o)
{
    const struct sigaction action = {.sa_handler = on_alarm};
    const struct timeval period = {.tv_usec = o->period_us};
    run.count = o->count;
    run.period_ns = o->period_us * 1000;
    run.oneshot = o->oneshot;
    run.timer = (struct itimerval){.it_value = period, .it_interval = o->oneshot ? (struct timeval){0} : period};
    if (sigaction(SIGALRM, &action, NULL) != 0 || setitimer(ITIMER_REAL, &run.timer, NULL) != 0)
        die(FAILED, "setitimer failed: %s", strerror(errno));
    /* a handler that runs between the look and the pause costs nothing: the timer goes on, and the next one ends the pause */
    while (__atomic_load_n(&run.seen, __ATOMIC_ACQUIRE) < WARM_UP + 1 + o->count)
        pause();
    setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
}

static void write_out(const struct options *o)
{
    FILE *file = fopen(o->out, "wb");
    if (file == NULL || fwrite(run.sample, sizeof *run.sample, (size_t)o->count, file) != (size_t)o->count || fclose(file) != 0)
        die(FAILED, "cannot write %s: %s", o->out, strerror(errno));
}

static void print(const struct options *o)
{
    static long bins[BINS + 1];
    for (long i = 0; i < o->count; i++) {
        int64_t us = run.sample[i] / 1000;
        bins[us < BINS ? us : BINS]++;
    }
    printf("# us samples (%d: that or more)\n", BINS);
    for (long us = 0; us <= BINS; us++)
        if (bins[us] > 0)
            printf("%ld %ld\n", us, bins[us]);
}

int main(int argc, char **argv)
{
    struct options o = parse(argc, argv);
    run.sample = calloc((size_t)o.count, sizeof *run.sample);
    if (run.sample == NULL)
        die(FAILED, "-n %ld: no memory for so many samples", o.count);
    become_real_time(&o);
    measure(&o);
    if (o.out != NULL)
        write_out(&o); /* int64, in the machine's order: little-endian on x86-64 */
    else
        print(&o);
    return 0;
}
