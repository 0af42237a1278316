/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-run: runs a program of the guest on the real-time CPU, with libvmrpc-preload.so in front of its timers.
 *
 *   vmrpc-run [--direct] [--fifo PRIORITY] [--any-cpu] [--socket PATH] -- PROGRAM ARGUMENT...
 *
 * A program that cannot be preloaded (statically linked, or set-user-ID) runs as it would have without us, and a sentence says so.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "table.h"
#include "wire.h"

#define EXIT_USAGE 2
#define EXIT_CANNOT_RUN 126
#define EXIT_NOT_FOUND 127

static const char usage[] =
    "usage: vmrpc run [--direct] [--fifo PRIORITY] [--any-cpu] [--socket PATH] -- PROGRAM ARGUMENT...\n"
    "Runs a program that knows nothing of VMRPC on the real-time CPU of this guest; its timers and timed waits are served by long polling.\n"
    "  --direct         its first real-time thread has the vCPU for itself: lowest latency; needs root\n"
    "  --fifo PRIORITY  SCHED_FIFO, 1 to 99, for the program (default: as this shell)\n"
    "  --any-cpu        leave the program's CPUs as they are: threads on other CPUs use the kernel's timers\n"
    "  --socket PATH    where vmrpc-guestd listens (default: " GUESTD_SOCKET ")\n";

static void say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("vmrpc run: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

struct options {
    int is_direct, fifo, is_any_cpu;
    const char *socket;
    char **program;
};

static struct options parse(int argc, char **argv)
{
    static const struct option known[] = {{"direct", no_argument, 0, 'd'}, {"fifo", required_argument, 0, 'f'}, {"any-cpu", no_argument, 0, 'a'},
                                          {"socket", required_argument, 0, 's'}, {"help", no_argument, 0, 'h'}, {0, 0, 0, 0}};
    struct options options = {.socket = getenv("VMRPC_GUESTD") ? getenv("VMRPC_GUESTD") : GUESTD_SOCKET};
    for (int option; (option = getopt_long(argc, argv, "+", known, NULL)) != -1;)
        switch (option) {
        case 'd': options.is_direct = 1; break;
        case 'a': options.is_any_cpu = 1; break;
        case 's': options.socket = optarg; break;
        case 'f':
            options.fifo = atoi(optarg);
            if (options.fifo < 1 || options.fifo > 99) {
                say("--fifo %s: give a priority from 1 to 99", optarg);
                exit(EXIT_USAGE);
            }
            break;
        case 'h': fputs(usage, stdout); exit(0);
        default: fputs(usage, stderr); exit(EXIT_USAGE);
        }
    if (optind >= argc) {
        say("there is no program to run: give it after --, for example: vmrpc run -- cyclictest -a 1 -t 1 -p 80");
        exit(EXIT_USAGE);
    }
    options.program = argv + optind;
    return options;
}

/* As execvp finds it; the name itself if it does not. */
static const char *find(const char *name)
{
    static char path[4096];
    const char *folders = getenv("PATH");
    if (strchr(name, '/') || !folders)
        return name;
    for (const char *at = folders; *at; at += strcspn(at, ":"), at += *at == ':') {
        int length = (int)strcspn(at, ":");
        snprintf(path, sizeof path, "%.*s/%s", length, length ? at : ".", name);
        if (access(path, X_OK) == 0)
            return path;
    }
    return name;
}

/* Is there a dynamic loader that would preload something? A script's interpreter is looked at when it is executed. */
static int is_static(const char *path)
{
    unsigned char head[4096];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : pread(fd, head, sizeof head, 0);
    if (fd >= 0)
        close(fd);
    const Elf64_Ehdr *elf = (const void *)head;
    if (got < (ssize_t)sizeof *elf || memcmp(head, ELFMAG, SELFMAG) || elf->e_ident[EI_CLASS] != ELFCLASS64)
        return 0;
    for (unsigned i = 0; i < elf->e_phnum; i++) {
        uint64_t at = elf->e_phoff + (uint64_t)i * elf->e_phentsize;
        if (at + sizeof(Elf64_Phdr) > (uint64_t)got)
            return 0; /* unusual: let the loader decide */
        if (((const Elf64_Phdr *)(const void *)(head + at))->p_type == PT_INTERP)
            return 0;
    }
    return 1;
}

static const char *why_not_preloaded(const char *path)
{
    struct stat st;
    if (is_static(path))
        return "is statically linked";
    if (stat(path, &st) == 0 && (((st.st_mode & S_ISUID) && st.st_uid != getuid()) || ((st.st_mode & S_ISGID) && st.st_gid != getgid())))
        return "runs with another user's or group's rights (set-user-ID)";
    if (geteuid() != 0 && getxattr(path, "security.capability", NULL, 0) > 0)
        return "has file capabilities";
    return NULL;
}

/* The CPU that the service shares, or -1 with a sentence: then the program runs with the kernel's timers. */
static int ask_for_cpu(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), nothing;
    struct guestd_request request = {.version = GUESTD_VERSION, .call = GUESTD_CPU};
    struct guestd_answer answer = {0};
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        say("vmrpc-guestd does not answer on %s (%s): start it with vmrpc guestd --daemon as root; the program runs with the kernel's timers", path, strerror(errno));
        return -1;
    }
    wire_send(fd, &request, sizeof request, -1); /* who is refused finds it closed, and an answer all the same */
    int is_answered = wire_receive(fd, &answer, sizeof answer, &nothing) == 0;
    if (is_answered && answer.status == GUESTD_FULL) {
        say("vmrpc-guestd has as many programs as it takes; the program runs with the kernel's timers");
        return -1;
    }
    if (!is_answered || answer.status != GUESTD_OK) {
        say("vmrpc-guestd is of another release: use one for service and programs; the program runs with the kernel's timers");
        return -1;
    }
    close(fd);
    return (int)answer.cpu;
}

/* Beside this program. */
static const char *library(void)
{
    static char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 64);
    path[length > 0 ? length : 0] = 0;
    char *slash = strrchr(path, '/');
    strcpy(slash ? slash + 1 : path, "libvmrpc-preload.so");
    return path;
}

static void set_preload(void)
{
    const char *former = getenv("LD_PRELOAD");
    char value[8192];
    snprintf(value, sizeof value, "%s%s%s", library(), former && *former ? ":" : "", former ? former : "");
    setenv("LD_PRELOAD", value, 1);
}

static void settle(const struct options *options, int cpu)
{
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET((unsigned)cpu, &cpus);
    if (!options->is_any_cpu && sched_setaffinity(0, sizeof cpus, &cpus) < 0)
        say("cannot move to CPU %d: %s; timers on other CPUs are the kernel's", cpu, strerror(errno));
    struct sched_param param = {.sched_priority = options->fifo};
    if (options->fifo && sched_setscheduler(0, SCHED_FIFO, &param) < 0) {
        say("--fifo %d: %s: run as root, or raise the limit (ulimit -r)", options->fifo, strerror(errno));
        exit(EXIT_USAGE);
    }
}

int main(int argc, char **argv)
{
    struct options options = parse(argc, argv);
    const char *path = find(options.program[0]), *why_not = why_not_preloaded(path);
    if (why_not)
        say("%s %s, so nothing can be preloaded: it runs as before, with the kernel's timers", path, why_not);
    int cpu = why_not ? -1 : ask_for_cpu(options.socket);
    if (cpu >= 0) {
        set_preload();
        setenv("VMRPC_GUESTD", options.socket, 1);
        setenv("VMRPC_DIRECT", options.is_direct ? "1" : "0", 1);
        settle(&options, cpu);
    }
    execv(path, options.program);
    int error = errno;
    say("cannot run %s: %s", options.program[0], strerror(error));
    return error == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN;
}
