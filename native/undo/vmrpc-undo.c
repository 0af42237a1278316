/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-undo: gives a thread of another process back what was changed, however its changer ends.
 *
 *   vmrpc-undo PID TID START [again]     (START: the thread's start time, field 22 of /proc/PID/task/TID/stat)
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
 * What has ended needs nothing back, and that is no error. Only one vmrpc-undo at a time serves a thread: the folder is locked.
 * again: this one replaces one that was killed, so that a thread that has ended meanwhile still leaves cgroups to remove.
 * "ready" on stdout says that the thread was found and locked. Each failure is a line on stderr.
 * Exit status: 0, 1 if something could not be undone, 2 wrong usage, 3 the thread is gone, 4 it is taken.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define EXIT_USAGE 2
#define EXIT_GONE 3
#define EXIT_TAKEN 4
#define MASK_BYTES 1024
#define BUSY_TRIES 200 /* of 10 ms: a thread that is ending stays in its cgroup for a moment */

struct target {
    int pid, tid;
    const char *start;
    int thread, process; /* their folders in /proc */
};

static int failures;

static void report(const char *what, const char *on)
{
    fprintf(stderr, "%s %s: %s\n", what, on, strerror(errno));
    failures++;
}

static int is_there(int folder)
{
    int fd = openat(folder, "stat", O_RDONLY | O_CLOEXEC);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

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

static void write_text(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 ? errno != ENOENT : write(fd, text, strlen(text)) < 0 && errno != ENODEV && errno != ESRCH)
        report("write to", path); /* ENOENT, ENODEV: that cgroup is gone; ESRCH: the thread */
    if (fd >= 0)
        close(fd);
}

static void remove_group(const char *path)
{
    const struct timespec pause = {.tv_nsec = 10000000};
    for (int i = 0; i < BUSY_TRIES; i++) {
        if (rmdir(path) == 0 || errno == ENOENT)
            return;
        if (errno != EBUSY)
            break;
        nanosleep(&pause, NULL);
    }
    report("rmdir", path);
}

static int has_group(const char *path)
{
    DIR *folder = opendir(path);
    int found = 0;
    for (struct dirent *entry; folder && !found && (entry = readdir(folder));)
        found = entry->d_type == DT_DIR && entry->d_name[0] != '.';
    if (folder)
        closedir(folder);
    return found;
}

static void disable(const char *path, const char *controllers)
{
    char file[4096];
    if (has_group(path))
        return; /* another control uses them: it disables them when it ends */
    snprintf(file, sizeof file, "%s/cgroup.subtree_control", path);
    write_text(file, controllers);
}

static int set_scheduler(int tid, const char *policy, const char *priority)
{
    struct sched_param param = {.sched_priority = atoi(priority)};
    return syscall(SYS_sched_setscheduler, tid, atoi(policy), &param) < 0 ? -1 : 0;
}

static int set_affinity(int tid, const char *hex)
{
    unsigned char mask[MASK_BYTES] = {0};
    for (size_t i = 0; i < MASK_BYTES && sscanf(hex + 2 * i, "%2hhx", &mask[i]) == 1 && hex[2 * i + 2]; i++)
        ;
    return syscall(SYS_sched_setaffinity, tid, sizeof mask, mask) < 0 ? -1 : 0;
}

static int set_memlock(int pid, const char *soft, const char *hard)
{
    struct rlimit limit = {.rlim_cur = (rlim_t)atoll(soft), .rlim_max = (rlim_t)atoll(hard)};
    return prlimit(pid, RLIMIT_MEMLOCK, &limit, NULL);
}

static void undo(const struct target *target, char *line)
{
    char number[16], *rest = line, *word = strsep(&rest, "\t"), *first = strsep(&rest, "\t");
    int here = is_there(target->thread), result = 0;
    snprintf(number, sizeof number, "%d", target->tid);
    if (!strcmp(word, "scheduler") && first && rest) {
        result = here ? set_scheduler(target->tid, first, rest) : 0;
    } else if (!strcmp(word, "affinity") && first) {
        result = here ? set_affinity(target->tid, first) : 0;
    } else if (!strcmp(word, "memlock") && first && rest) {
        result = is_there(target->process) ? set_memlock(target->pid, first, rest) : 0;
    } else if (!strcmp(word, "move") && first) {
        if (here)
            write_text(first, number);
    } else if (!strcmp(word, "write") && first && rest) {
        write_text(first, rest);
    } else if (!strcmp(word, "rmdir") && first) {
        remove_group(first);
    } else if (!strcmp(word, "disable") && first && rest) {
        disable(first, rest);
    } else {
        errno = EINVAL;
        result = -1;
    }
    if (result != 0 && errno != ESRCH)
        report(word, number);
}

/* A line without its end is one whose change was not begun. */
static size_t read_lines(char ***lines)
{
    char *line = NULL;
    size_t size = 0, count = 0;
    ssize_t length;
    *lines = NULL;
    while ((length = getline(&line, &size, stdin)) > 0 && line[length - 1] == '\n') {
        line[length - 1] = 0;
        char **longer = realloc(*lines, (count + 1) * sizeof **lines);
        char *copy = strdup(line);
        if (!longer || !copy) {
            report("undo", line);
            break;
        }
        *lines = longer;
        longer[count++] = copy;
    }
    free(line);
    return count;
}

int main(int argc, char **argv)
{
    int again = argc == 5 && !strcmp(argv[4], "again");
    if (argc != 4 && !again) {
        fputs("usage: vmrpc-undo PID TID START [again]\n", stderr);
        return EXIT_USAGE;
    }
    /* A terminal's Ctrl-C and a service manager's SIGTERM reach us as well as our parent, which decides when it ends. */
    setsid();
    for (const int *each = (const int[]){SIGINT, SIGTERM, SIGHUP, SIGPIPE, 0}; *each; each++)
        signal(*each, SIG_IGN);

    struct target target = {.pid = atoi(argv[1]), .tid = atoi(argv[2]), .start = argv[3]};
    int status = take(&target);
    if (status && !(again && status == EXIT_GONE))
        return status;
    puts("ready");
    fclose(stdout); /* tells our parent */
    char **lines;
    for (size_t i = read_lines(&lines); i > 0; i--)
        undo(&target, lines[i - 1]);
    return failures ? 1 : 0;
}
