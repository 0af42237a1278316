/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "service.h"

#include "cases.h"

#include <dirent.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "table.h"

int service_connect(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = GUESTD_SOCKET};
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

pid_t service_pid(void)
{
    struct ucred peer = {.pid = -1};
    socklen_t length = sizeof peer;
    int fd = service_connect();
    if (fd < 0)
        return -1;
    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length);
    close(fd);
    return peer.pid;
}

void service_await(void)
{
    for (int64_t since = now(CLOCK_MONOTONIC); service_pid() < 0; sleep_ns(50 * MS))
        if (now(CLOCK_MONOTONIC) - since > 15 * SECOND) {
            CHECK(0, "there is no vmrpc-guestd");
            return;
        }
}

void service_kill(void)
{
    const char *how = getenv("SIGNAL");
    pid_t pid = service_pid();
    CHECK(pid > 0 && kill(pid, how && !strcmp(how, "TERM") ? SIGTERM : SIGKILL) == 0);
}

/* The library holds its end of a Unix socket; the cases hold none. */
int service_has_me(void)
{
    int count = 0;
    DIR *folder = opendir("/proc/self/fd");
    for (struct dirent *each; folder && (each = readdir(folder));) {
        char path[300], target[64] = "";
        snprintf(path, sizeof path, "/proc/self/fd/%s", each->d_name);
        if (readlink(path, target, sizeof target - 1) > 0 && !strncmp(target, "socket:", 7))
            count++;
    }
    if (folder)
        closedir(folder);
    return count == 1;
}

int service_descriptors(void)
{
    char path[64];
    int count = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)service_pid());
    DIR *folder = opendir(path);
    while (folder && readdir(folder))
        count++;
    if (folder)
        closedir(folder);
    return count;
}

long long service_thread_ns(void)
{
    char path[64];
    long long ns = -1;
    int pid = (int)service_pid();
    snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", pid, pid);
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, "%lld", &ns) != 1)
        ns = -1;
    if (file)
        fclose(file);
    return ns;
}

long service_kilobytes(void)
{
    char path[64], line[256];
    long kilobytes = -1;
    snprintf(path, sizeof path, "/proc/%d/status", (int)service_pid());
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "RssAnon: %ld", &kilobytes) == 1)
            break;
    if (file)
        fclose(file);
    return kilobytes;
}
