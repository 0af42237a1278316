/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-supervise: runs one program (QEMU) so that nothing of it outlives its runner, however that ends.
 *
 *   vmrpc-supervise --lock FILE [--remove PATH]... [--set NAME=VALUE]... -- PROGRAM ARGUMENT...
 *
 * stdin is a pipe whose other end only the runner holds. EOF there means that the runner has ended, even by SIGKILL, or has
 * had enough. Then, and on SIGTERM, SIGINT or SIGHUP, the program is killed and every --remove path is removed, folders
 * with what is in them. If the program ends by itself, stdout is closed and the paths stay until that EOF, so that the
 * runner can read the logs. The program's output goes to stderr. The exit status is the program's (128 + signal if killed).
 * --lock is held (OFD write lock) until the end: whoever can lock it knows that the paths are leftovers.
 * --set changes the environment of the program only, so that an LD_PRELOAD does not reach this process.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXIT_USAGE 2
#define EXIT_CANNOT_RUN 127

struct plan {
    const char *lock;
    char **removes; /* points into argv: argv[i] of every --remove, compacted */
    int remove_count;
    char **sets;
    int set_count;
    char **program;
};

static void die(int status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("vmrpc-supervise: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(status);
}

static void parse(int argc, char **argv, struct plan *plan)
{
    plan->removes = calloc((size_t)argc, sizeof(char *));
    plan->sets = calloc((size_t)argc, sizeof(char *));
    if (!plan->removes || !plan->sets)
        die(EXIT_USAGE, "out of memory");
    int i = 1;
    for (; i + 1 < argc && strcmp(argv[i], "--") != 0; i += 2) {
        if (!strcmp(argv[i], "--lock"))
            plan->lock = argv[i + 1];
        else if (!strcmp(argv[i], "--remove"))
            plan->removes[plan->remove_count++] = argv[i + 1];
        else if (!strcmp(argv[i], "--set") && strchr(argv[i + 1], '='))
            plan->sets[plan->set_count++] = argv[i + 1];
        else
            die(EXIT_USAGE, "unknown argument %s", argv[i]);
    }
    if (i + 1 >= argc || !plan->lock)
        die(EXIT_USAGE, "usage: vmrpc-supervise --lock FILE [--remove PATH]... [--set NAME=VALUE]... -- PROGRAM ARGUMENT...");
    plan->program = argv + i + 1;
}

/* An OFD lock conflicts with the process locks that Java takes, and unlike those it is not lost when some other
 * descriptor of the file is closed. Close-on-exec, so that the program does not inherit it. */
static void take_lock(const char *path)
{
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 || fcntl(fd, F_OFD_SETLK, &whole) < 0)
        die(EXIT_USAGE, "cannot lock %s: %s", path, strerror(errno));
}

static void run_program(const struct plan *plan, pid_t supervisor, const sigset_t *inherited)
{
    sigprocmask(SIG_SETMASK, inherited, NULL);
    setsid(); /* Ctrl-C in the runner's terminal must not reach the program: the runner decides */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != supervisor) /* it died before prctl: that signal will never come */
        _exit(EXIT_CANNOT_RUN);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        _exit(EXIT_CANNOT_RUN);
    for (int i = 0; i < plan->set_count; i++)
        putenv(plan->sets[i]);
    execvp(plan->program[0], plan->program);
    fprintf(stderr, "vmrpc-supervise: cannot run %s: %s\n", plan->program[0], strerror(errno));
    _exit(EXIT_CANNOT_RUN);
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *position)
{
    (void)status, (void)type, (void)position;
    remove(path);
    return 0;
}

static void remove_all(const struct plan *plan)
{
    for (int i = 0; i < plan->remove_count; i++)
        nftw(plan->removes[i], remove_entry, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* Reads one event: true if the program must end now. */
static int must_end(struct pollfd sources[2])
{
    if (sources[1].revents) {
        struct signalfd_siginfo signal;
        if (read(sources[1].fd, &signal, sizeof signal) == sizeof signal && signal.ssi_signo != SIGCHLD)
            return 1;
    }
    if (sources[0].revents) {
        char ignored[64];
        return read(STDIN_FILENO, ignored, sizeof ignored) <= 0;
    }
    return 0;
}

/* Waits until the runner has gone and the program has ended, and returns the program's wait status. */
static int watch(pid_t program, int signals)
{
    struct pollfd sources[2] = { { .fd = STDIN_FILENO, .events = POLLIN }, { .fd = signals, .events = POLLIN } };
    int status, ended = 0;
    for (;;) {
        if ((poll(sources, 2, -1) < 0 && errno != EINTR) || must_end(sources))
            break;
        if (!ended && waitpid(program, &status, WNOHANG) == program) {
            ended = 1;
            close(STDOUT_FILENO); /* tells the runner */
        }
    }
    if (!ended) {
        kill(-program, SIGKILL); /* with what it started: it leads a process group of its own... */
        kill(program, SIGKILL);  /* ...unless it has not come to its setsid yet */
        while (waitpid(program, &status, 0) < 0 && errno == EINTR)
            ;
    }
    return status;
}

int main(int argc, char **argv)
{
    struct plan plan = { 0 };
    parse(argc, argv, &plan);
    take_lock(plan.lock);

    sigset_t handled, inherited;
    sigemptyset(&handled);
    sigaddset(&handled, SIGCHLD);
    sigaddset(&handled, SIGTERM);
    sigaddset(&handled, SIGINT);
    sigaddset(&handled, SIGHUP);
    sigprocmask(SIG_BLOCK, &handled, &inherited);
    int signals = signalfd(-1, &handled, SFD_CLOEXEC);
    if (signals < 0)
        die(EXIT_USAGE, "signalfd: %s", strerror(errno));

    setsid(); /* a signal to the runner's process group must not end us before we have cleaned up */
    pid_t supervisor = getpid(), program = fork();
    if (program < 0)
        die(EXIT_CANNOT_RUN, "fork: %s", strerror(errno));
    if (program == 0)
        run_program(&plan, supervisor, &inherited);

    int status = watch(program, signals);
    remove_all(&plan);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
