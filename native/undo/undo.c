/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "undo.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define MASK_BYTES 1024
#define MOST_WAKERS 16
#define BUSY_TRIES 200 /* of 10 ms: a thread that is ending stays in its cgroup for a moment */

int failures;

void report(const char *what, const char *on)
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

/* Under KVM the shim in QEMU has a thread that wakes a halted vCPU. It inherits what the vCPU's thread has, and is named after that. While it
 * is replaced there are two. */
static int wakers_of(const struct target *target, int wakers[MOST_WAKERS])
{
    char wanted[32], path[320], name[32];
    int tasks = openat(target->process, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC), count = 0;
    DIR *folder = tasks < 0 ? NULL : fdopendir(tasks);
    int length = snprintf(wanted, sizeof wanted, "vmrpc-wk%d\n", target->tid);
    for (struct dirent *entry; folder && count < MOST_WAKERS && (entry = readdir(folder));) {
        snprintf(path, sizeof path, "%s/comm", entry->d_name);
        int fd = isdigit((unsigned char)entry->d_name[0]) ? openat(tasks, path, O_RDONLY | O_CLOEXEC) : -1;
        if (fd >= 0 && read(fd, name, sizeof name) == length && !memcmp(name, wanted, (size_t)length))
            wakers[count++] = atoi(entry->d_name);
        if (fd >= 0)
            close(fd);
    }
    if (folder)
        closedir(folder);
    return count;
}

static void give_back(int tid, const char *word, const char *first, const char *rest)
{
    char number[16];
    int result = 0;
    snprintf(number, sizeof number, "%d", tid);
    if (!strcmp(word, "move"))
        write_text(first, number);
    else
        result = !strcmp(word, "affinity") ? set_affinity(tid, first) : set_scheduler(tid, first, rest);
    if (result != 0 && errno != ESRCH)
        report(word, number);
}

/* The wakers after their vCPU's thread: those that it makes from now on inherit what it has got back. */
static void give_all_back(const struct target *target, const char *word, const char *first, const char *rest)
{
    int wakers[MOST_WAKERS];
    if (is_there(target->thread))
        give_back(target->tid, word, first, rest);
    for (int i = wakers_of(target, wakers) - 1; i >= 0; i--)
        give_back(wakers[i], word, first, rest);
}

void undo(const struct target *target, char *line)
{
    char number[16], *rest = line, *word = strsep(&rest, "\t"), *first = strsep(&rest, "\t");
    snprintf(number, sizeof number, "%d", target->tid);
    if (first && (!strcmp(word, "move") || !strcmp(word, "affinity") || (!strcmp(word, "scheduler") && rest))) {
        give_all_back(target, word, first, rest);
    } else if (!strcmp(word, "memlock") && first && rest) {
        if (is_there(target->process) && set_memlock(target->pid, first, rest) != 0 && errno != ESRCH)
            report(word, number);
    } else if (!strcmp(word, "write") && first && rest) {
        write_text(first, rest);
    } else if (!strcmp(word, "rmdir") && first) {
        remove_group(first);
    } else if (!strcmp(word, "disable") && first && rest) {
        disable(first, rest);
    } else {
        errno = EINVAL;
        report(word, number);
    }
}
