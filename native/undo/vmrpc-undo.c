/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-undo: gives a thread of another process back what was changed, however its changer ends.
 *
 *   vmrpc-undo PID TID START [again|SHARE]     (START: the thread's start time, field 22 of /proc/PID/task/TID/stat)
 *
 * stdin is a pipe whose other end only the changer holds. Before each change it writes the line that undoes it. EOF there means
 * that the changer has ended, even by SIGKILL, or has had enough. Then the lines are carried out, the last one first. Words of a
 * line are separated by tabs:
 *
 *   scheduler POLICY PRIORITY
 *   affinity HEX            bytes of the mask, CPUs 0 to 7 first
 *   memlock SOFT HARD       RLIMIT_MEMLOCK of the process, -1 for unlimited
 *   move FILE               TID is written to a cgroup's file
 *   write FILE TEXT         TEXT is written to a file
 *   rmdir FOLDER            a cgroup is removed
 *   disable FOLDER TEXT     TEXT is written to FOLDER/cgroup.subtree_control if FOLDER has no cgroup in it
 *
 * The thread is held by its folder in /proc: files there cannot be opened once it has ended, even if its number is in use again.
 * The KVM shim's waker of that vCPU inherits the thread's scheduling, CPUs and groups, and gets the former ones back with it.
 * What has ended needs nothing back, and that is no error. Only one vmrpc-undo at a time serves a thread: the folder is locked.
 * again: this one replaces one that was killed, so that a thread that has ended meanwhile still leaves cgroups to remove.
 * SHARE: a guard (guard.h) lets the thread have at most that many percent of a CPU as a real-time thread. If it is killed, all is undone at once.
 * "ready" on stdout says that the thread was found and locked, and that the guard is there. Each failure is a line on stderr.
 * Exit status: 0, 1 if something could not be undone or the guard was killed, 2 wrong usage, 3 the thread is gone, 4 it is taken, 5 no guard.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "guard.h"
#include "undo.h"

#define EXIT_USAGE 2
#define EXIT_GONE 3
#define EXIT_TAKEN 4
#define EXIT_NO_GUARD 5
#define BLOCK 4096

/* Whether the thread in this folder started then. The name before the other fields may hold anything, also blanks and ')'. */
static int started_at(int folder, const char *start)
{
    char text[1024];
    int fd = openat(folder, "stat", O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    if (length <= 0)
        return 0;
    text[length] = 0;
    char *field = strrchr(text, ')'); /* field 2 */
    for (int i = 2; field && i < 22; i++)
        field = strchr(field + 1, ' ');
    size_t digits = strlen(start);
    return field && !strncmp(field + 1, start, digits) && field[1 + digits] == ' ';
}

static int open_folder(const char *format, int pid, int tid)
{
    char path[64];
    snprintf(path, sizeof path, format, pid, tid);
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int take(struct target *target)
{
    target->thread = open_folder("/proc/%d/task/%d", target->pid, target->tid);
    target->process = open_folder("/proc/%d", target->pid, 0);
    if (target->thread < 0 || target->process < 0 || !started_at(target->thread, target->start)) {
        target->thread = target->process = -1; /* never another thread's */
        return EXIT_GONE;
    }
    if (flock(target->thread, LOCK_EX | LOCK_NB) != 0)
        return EXIT_TAKEN;
    return 0;
}

/* What came on stdin until its end, or until the guard ended. */
static char *read_lines(const struct guard *guard)
{
    char *text = calloc(1, 1);
    struct pollfd ends[] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = guard->pid ? guard->alive : -1, .events = POLLIN}};
    for (size_t length = 0; text;) {
        char *longer = realloc(text, length + BLOCK + 1);
        if (!longer)
            break;
        text = longer;
        if (poll(ends, 2, -1) < 0)
            continue;
        ssize_t more = ends[0].revents ? read(STDIN_FILENO, text + length, BLOCK) : 0;
        length += more > 0 ? (size_t)more : 0;
        text[length] = 0;
        if (ends[0].revents ? more <= 0 : ends[1].revents)
            break;
    }
    if (ends[1].revents) {
        fputs("the guard was killed, so all was undone at once\n", stderr);
        failures++;
    }
    return text;
}

/* Carries the lines out, the last one first. A line without its end is one whose change was not begun. */
static void undo_all(const struct target *target, char *text)
{
    char *end = text ? strrchr(text, '\n') : NULL;
    while (end) {
        *end = 0;
        end = strrchr(text, '\n');
        undo(target, end ? end + 1 : text);
    }
    free(text);
}

int main(int argc, char **argv)
{
    int again = argc == 5 && !strcmp(argv[4], "again"), share = argc == 5 && !again ? atoi(argv[4]) : 0;
    if (argc < 4 || argc > 5 || share < 0 || share > 99 || (argc == 5 && !again && !share)) {
        fputs("usage: vmrpc-undo PID TID START [again|SHARE]\n", stderr);
        return EXIT_USAGE;
    }
    /* A terminal's Ctrl-C and a service manager's SIGTERM reach us as well as our parent, which decides when it ends. */
    setsid();
    for (const int *each = (const int[]){SIGINT, SIGTERM, SIGHUP, SIGPIPE, 0}; *each; each++)
        signal(*each, SIG_IGN);

    struct target target = {.pid = atoi(argv[1]), .tid = atoi(argv[2]), .start = argv[3]};
    struct guard guard = {0};
    int status = take(&target);
    if (status && !(again && status == EXIT_GONE))
        return status;
    if (share && guard_start(&guard, target.thread, target.tid, share) != 0)
        return EXIT_NO_GUARD;
    puts("ready");
    fclose(stdout); /* without a guard that is its end */
    char *lines = read_lines(&guard);
    guard_stop(&guard); /* it would give the thread its priority back */
    undo_all(&target, lines);
    return failures ? 1 : 0;
}
