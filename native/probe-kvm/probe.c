/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-kvm-probe: tells by trying what /dev/kvm here can run.
 *
 *   vmrpc-kvm-probe [--device PATH] [--limit-ms N]
 *
 * Prints lines key=value:
 *   device                                            works, or fails: with the call and errno's text
 *   api                                               KVM's version
 *   immediate_exit mp_state halt_poll tsc_stable irqchip   yes or no
 *   mode16 mode32 mode64                              does the vCPU execute instructions of that mode?
 *   interrupt16 interrupt32 interrupt64               does it take an interrupt in that mode, and return from it?
 *   atomic64                                          does it execute cmpxchg16b, which 64-bit kernels need?
 *   instruction_ns                                    time of one 64-bit instruction: below 10 on hardware, above 1000 if KVM interprets
 * Each step is a child process with a time limit, so that a KVM that hangs is told and not waited for.
 * Exit status: 0 all steps work, 1 some fail, 2 KVM is not usable at all, 64 wrong usage.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "probe.h"

#define EXIT_SOME_FAIL 1
#define EXIT_NO_KVM 2
#define EXIT_WRONG_USAGE 64

struct step {
    const char *key;
    void (*run)(const char *device, int bits);
    int bits;
};

static const struct step steps[] = {
    { "device", probe_device, 0 }, /* first: the others need it */
    { "mode16", probe_mode, 16 }, { "interrupt16", probe_interrupt, 16 },
    { "mode32", probe_mode, 32 }, { "interrupt32", probe_interrupt, 32 },
    { "mode64", probe_mode, 64 }, { "interrupt64", probe_interrupt, 64 },
    { "atomic64", probe_atomic, 64 },
};

static const struct step *current; /* of the child that runs it */

void answer(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    printf("%s=", current->key);
    vprintf(format, arguments);
    putchar('\n');
    va_end(arguments);
}

void fail(const char *call)
{
    answer("fails: %s: %s", call, strerror(errno));
    fflush(stdout);
    _exit(0);
}

static int64_t now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* Collects a child's output up to its end. 0: the time was over before. */
static int collect(int from, long limit_ms, char *text, size_t size)
{
    int64_t until = now_ms() + limit_ms;
    for (size_t length = 0;;) {
        struct pollfd source = { .fd = from, .events = POLLIN };
        int64_t left = until - now_ms();
        if (left <= 0)
            return 0;
        if (poll(&source, 1, (int)left) <= 0)
            continue;
        ssize_t got = read(from, text + length, size - 1 - length);
        if (got <= 0) {
            text[length] = '\0';
            return 1;
        }
        length += (size_t)got;
    }
}

static void run_step(const struct step *step, const char *device, int to)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (dup2(to, STDOUT_FILENO) < 0)
        _exit(1);
    current = step;
    step->run(device, step->bits);
    fflush(stdout);
    _exit(0);
}

/* Returns whether the step works. */
static int try_step(const struct step *step, const char *device, long limit_ms)
{
    int channel[2];
    char text[4096];
    fflush(stdout);
    pid_t child = pipe(channel) == 0 ? fork() : -1;
    if (child < 0) {
        printf("%s=fails: fork: %s\n", step->key, strerror(errno));
        return 0;
    }
    if (child == 0)
        run_step(step, device, channel[1]);
    close(channel[1]);
    if (!collect(channel[0], limit_ms, text, sizeof text))
        snprintf(text, sizeof text, "%s=fails: it did not end within %ld ms\n", step->key, limit_ms);
    else if (!*text)
        snprintf(text, sizeof text, "%s=fails: the process that tried it crashed\n", step->key);
    close(channel[0]);
    kill(child, SIGKILL);
    waitpid(child, NULL, WNOHANG); /* without waiting: it may hang in KVM for good */
    fputs(text, stdout);
    return !strstr(text, "=fails");
}

static long parse(int argc, char **argv, const char **device)
{
    long limit_ms = 3000;
    for (int i = 1; i < argc; i += 2) {
        char *end = NULL;
        if (i + 1 < argc && !strcmp(argv[i], "--device"))
            *device = argv[i + 1];
        else if (i + 1 < argc && !strcmp(argv[i], "--limit-ms"))
            limit_ms = strtol(argv[i + 1], &end, 10);
        else
            limit_ms = 0;
        if (limit_ms < 1 || limit_ms > 600000 || (end && *end)) {
            fprintf(stderr, "usage: vmrpc-kvm-probe [--device PATH] [--limit-ms 1..600000]\n");
            exit(EXIT_WRONG_USAGE);
        }
    }
    return limit_ms;
}

int main(int argc, char **argv)
{
    const char *device = "/dev/kvm";
    long limit_ms = parse(argc, argv, &device);
    if (!try_step(&steps[0], device, limit_ms))
        return EXIT_NO_KVM;
    int all_work = 1;
    for (size_t i = 1; i < sizeof steps / sizeof *steps; i++)
        all_work &= try_step(&steps[i], device, limit_ms);
    return all_work ? 0 : EXIT_SOME_FAIL;
}
