/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs test cases in a guest, several at a time, and says how each ended. A program, not a script: under TCG each process more that a case
 * takes costs as much as the case.
 *
 *   run-cases kernel|run|alone CPU PARALLEL PROGRAMS NATIVE    of each case a line of input: its name, and its arguments separated by |
 *
 *   kernel   by itself                                   run   under vmrpc-run, which is in NATIVE
 *   alone    with the preloaded library, and no service
 *
 * All on that CPU, each in a folder and a process group of its own, and with nothing to read. An argument's @ is the program. One line a
 * case: case NAME STATUS MILLISECONDS; the status is as a shell's, 124 after TIMEOUT_S. Before it what a case wrote that did not end with 0:
 * out NAME LINE.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TIMEOUT_S 100
#define TIMEOUT_STATUS 124
#define CANNOT_RUN 126
#define MOST_PARALLEL 64
#define MOST_ARGUMENTS 16
#define MOST_OUTPUT 8192
#define FOLDERS "/tmp/foreign"

struct job {
    pid_t pid; /* 0: free */
    int output, is_late;
    double start_s;
    char name[256];
};

static struct job jobs[MOST_PARALLEL];
static const char *way, *programs, *native;
static int cpu, parallel;

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* An argument with the program in place of its @. */
static char *argument_of(char *text, const char *program)
{
    char *at = strchr(text, '@'), *result = text;
    if (at && asprintf(&result, "%.*s%s%s", (int)(at - text), text, program, at + 1) < 0)
        exit(CANNOT_RUN);
    return result;
}

static void execute(char *line, const char *program)
{
    char *command[MOST_ARGUMENTS + 4], folder[64], *rest = strchr(line, ' '), runner[4096], library[4096], end_of_options[] = "--";
    int count = 0;
    snprintf(folder, sizeof folder, FOLDERS "/%s-XXXXXX", way);
    snprintf(runner, sizeof runner, "%s/vmrpc-run", native);
    snprintf(library, sizeof library, "%s/libvmrpc-preload.so", native);
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET((unsigned)cpu, &cpus);
    if (!mkdtemp(folder) || chdir(folder) < 0 || open("Makefile", O_CREAT | O_RDWR | O_CLOEXEC, 0644) < 0 || /* where some run there is one */ sched_setaffinity(0, sizeof cpus, &cpus) < 0)
        exit(CANNOT_RUN);
    if (!strcmp(way, "run")) {
        command[count++] = runner;
        command[count++] = end_of_options;
    } else if (!strcmp(way, "alone")) {
        setenv("LD_PRELOAD", library, 1);
        setenv("VMRPC_GUESTD", "/nowhere", 1);
    }
    command[count++] = (char *)(uintptr_t)program;
    for (char *next = rest ? rest + 1 : NULL; next && count < MOST_ARGUMENTS;)
        command[count++] = argument_of(strsep(&next, "|"), program);
    command[count] = NULL;
    execv(command[0], command);
    fprintf(stderr, "run-cases: cannot run %s: %s\n", command[0], strerror(errno));
    _exit(CANNOT_RUN);
}

static void start(struct job *job, char *line)
{
    char program[4096];
    *job = (struct job){.start_s = now_s(), .output = memfd_create("output", MFD_CLOEXEC)};
    snprintf(job->name, sizeof job->name, "%.*s", (int)strcspn(line, " "), line);
    snprintf(program, sizeof program, "%s/%s", programs, job->name);
    job->pid = fork();
    if (job->pid < 0) {
        perror("run-cases: fork");
        exit(CANNOT_RUN);
    }
    if (job->pid > 0)
        return;
    setpgid(0, 0);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGINT, SIG_DFL); /* a shell ignores these two for what it runs in the background */
    signal(SIGQUIT, SIG_DFL);
    if (dup2(null, 0) < 0 || dup2(job->output, 1) < 0 || dup2(job->output, 2) < 0)
        _exit(CANNOT_RUN);
    execute(line, program);
}

/* The last of it, marked, without bytes that would confuse who reads lines. */
static void show(const struct job *job)
{
    static char text[MOST_OUTPUT + 1];
    off_t length = lseek(job->output, 0, SEEK_END);
    ssize_t got = pread(job->output, text, MOST_OUTPUT, length > MOST_OUTPUT ? length - MOST_OUTPUT : 0);
    text[got > 0 ? got : 0] = 0;
    for (ssize_t i = 0; i < got; i++)
        if (text[i] != '\n' && (text[i] < ' ' || text[i] > '~'))
            text[i] = '?';
    for (char *next = text, *line; (line = strsep(&next, "\n")) && (*line || next);)
        printf("out %s %.300s\n", job->name, line);
}

static void finish(struct job *job, int status)
{
    int code = job->is_late ? TIMEOUT_STATUS : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    kill(-job->pid, SIGKILL); /* children that it left */
    if (code)
        show(job);
    printf("case %s %d %.0f\n", job->name, code, (now_s() - job->start_s) * 1000);
    fflush(stdout);
    close(job->output);
    job->pid = 0;
}

/* Until one ends. */
static void reap(void)
{
    static const struct timespec second = {.tv_sec = 1};
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    for (int ended = 0; !ended;) {
        for (int i = 0, status; i < parallel; i++)
            if (jobs[i].pid && waitpid(jobs[i].pid, &status, WNOHANG) == jobs[i].pid) {
                finish(&jobs[i], status);
                ended = 1;
            } else if (jobs[i].pid && now_s() - jobs[i].start_s > TIMEOUT_S) {
                jobs[i].is_late = 1;
                kill(-jobs[i].pid, SIGKILL);
            }
        if (!ended)
            sigtimedwait(&child, NULL, &second);
    }
}

static struct job *free_job(void)
{
    for (int i = 0; i < parallel; i++)
        if (!jobs[i].pid)
            return &jobs[i];
    return NULL;
}

static int is_running(void)
{
    for (int i = 0; i < parallel; i++)
        if (jobs[i].pid)
            return 1;
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 6 || (parallel = atoi(argv[3])) < 1 || parallel > MOST_PARALLEL) {
        fputs("usage: run-cases kernel|run|alone CPU PARALLEL PROGRAMS NATIVE <cases\n", stderr);
        return 2;
    }
    way = argv[1], cpu = atoi(argv[2]), programs = argv[4], native = argv[5];
    mkdir(FOLDERS, 0755);
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    char *line = NULL;
    size_t size = 0;
    for (ssize_t length; (length = getline(&line, &size, stdin)) > 0;) {
        line[strcspn(line, "\n")] = 0;
        struct job *job;
        while (!(job = free_job()))
            reap();
        start(job, line);
    }
    while (is_running())
        reap();
    puts("end");
    return 0;
}
