/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guestd.h"

#define EXIT_USAGE 2
#define SERVICE_PRIORITY 50

static const char usage[] = "usage: vmrpc-guestd [--cpu N] [--socket PATH] [--group NAME] [--daemon]\n"
                            "Parks a real-time guest CPU in the host whenever nothing on it is runnable, and serves the timers of its programs\n"
                            "(vmrpc run). Run it in the guest, as root; one for each CPU and socket.\n"
                            "  --cpu N        the CPU (default: the first isolated one)\n"
                            "  --socket PATH  where programs find it (default: " GUESTD_SOCKET ")\n"
                            "  --group NAME   the group that may use it (default: root alone)\n"
                            "  --daemon       return when it is ready, and stay in the background\n";

void die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("vmrpc-guestd: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    _exit(1); /* also of another thread: nothing is left to do */
}

struct options {
    int cpu, is_daemon;
    const char *socket, *group;
};

static int number(const char *text)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || end == text || *end || value < 0 || value > 8191) {
        fprintf(stderr, "vmrpc-guestd: --cpu %s: give the number of a guest CPU, 0 to 8191\n", text);
        exit(EXIT_USAGE);
    }
    return (int)value;
}

static struct options parse(int argc, char **argv)
{
    static const struct option known[] = {{"cpu", required_argument, 0, 'c'}, {"socket", required_argument, 0, 's'}, {"group", required_argument, 0, 'g'},
                                          {"daemon", no_argument, 0, 'd'}, {"help", no_argument, 0, 'h'}, {0, 0, 0, 0}};
    struct options options = {.cpu = -1, .socket = GUESTD_SOCKET};
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;)
        switch (option) {
        case 'c': options.cpu = number(optarg); break;
        case 's': options.socket = optarg; break;
        case 'g': options.group = optarg; break;
        case 'd': options.is_daemon = 1; break;
        case 'h': fputs(usage, stdout); exit(0);
        default: fputs(usage, stderr); exit(EXIT_USAGE);
        }
    if (optind != argc) {
        fprintf(stderr, "vmrpc-guestd: unknown argument %s\n%s", argv[optind], usage);
        exit(EXIT_USAGE);
    }
    return options;
}

/* The parent waits for the child's word, or its end, and is gone. */
static int detach(void)
{
    int ready[2];
    if (pipe2(ready, O_CLOEXEC) < 0)
        die("pipe failed: %s", strerror(errno));
    pid_t child = fork();
    if (child < 0)
        die("fork failed: %s", strerror(errno));
    if (child == 0) {
        setsid();
        return ready[1];
    }
    char byte;
    close(ready[1]);
    int is_ready = read(ready[0], &byte, 1) == 1;
    int status = 0;
    if (!is_ready)
        waitpid(child, &status, 0);
    _exit(is_ready ? 0 : 1);
}

/* In the background nobody reads what it would inherit; a pipe that it held open would keep its reader waiting. */
static void close_streams(void)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; null >= 0 && fd <= 2; fd++)
        dup2(null, fd);
}

/* Each program needs two descriptors, and one more for each timer that writes to one of its own. */
static void raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* Everywhere but on the real-time CPU, and ahead of what is ordinary there. */
static void settle_service(int cpu)
{
    cpu_set_t cpus;
    sched_getaffinity(1, sizeof cpus, &cpus); /* init's: our own may be that one CPU */
    CPU_CLR((unsigned)cpu, &cpus);
    if (CPU_COUNT(&cpus) == 0 || sched_setaffinity(0, sizeof cpus, &cpus) < 0)
        die("this guest has no CPU beside CPU %d: give the VM two or more, the watch needs one", cpu);
    struct sched_param param = {.sched_priority = SERVICE_PRIORITY};
    if (sched_setscheduler(0, SCHED_FIFO, &param) < 0)
        die("sched_setscheduler(SCHED_FIFO) failed: %s: run as root", strerror(errno));
}

int main(int argc, char **argv)
{
    struct options options = parse(argc, argv);
    static struct guestd guestd = {.next_ns = INT64_MAX};
    for (int i = 0; i < MEMBERS; i++)
        guestd.members[i].socket = guestd.members[i].pidfd = -1;
    int ready_fd = options.is_daemon ? detach() : open("/dev/null", O_WRONLY | O_CLOEXEC);
    prctl(PR_SET_NAME, "vmrpc-guestd", 0UL, 0UL, 0UL);
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    raise_descriptors();
    vcpu_find(&guestd, options.cpu);
    if (mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) < 0)
        die("mlockall failed: %s: run as root, or raise the limit (ulimit -l unlimited)", strerror(errno));
    settle_service(guestd.cpu);
    pthread_t idler;
    int error = pthread_create(&idler, NULL, idler_run, &guestd);
    if (error)
        die("pthread_create failed: %s", strerror(error));
    while (!__atomic_load_n(&guestd.turns, __ATOMIC_ACQUIRE))
        usleep(1000);
    printf("vmrpc-guestd: guest CPU %d parks by slot %u; clock known to %lld ns; socket %s\n", guestd.cpu, guestd.vcpu.index,
           (long long)clock_error_ns(&guestd.vcpu.clock), options.socket);
    fflush(stdout);
    if (options.is_daemon)
        close_streams();
    service_run(&guestd, options.socket, options.group, ready_fd);
    __atomic_store_n(&guestd.is_stopping, 1, __ATOMIC_RELEASE);
    idler_nudge(&guestd);
    pthread_join(idler, NULL);
    fprintf(stderr, "vmrpc-guestd: %llu parks, %llu abandoned for a change, %llu timers served, %llu times raised over a busy CPU\n",
            (unsigned long long)guestd.parks, (unsigned long long)guestd.aborts, (unsigned long long)guestd.wakes, (unsigned long long)guestd.boosts);
    return 0;
}
