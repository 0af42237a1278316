/* SPDX-License-Identifier: Apache-2.0
 *
 * Watching the host's folders for guests: inotify(7), whose queue the kernel bounds. Errors as negative errno.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "path.h"
#include "vmrpc.h"
#include "vmrpc_abi.h"

enum { CREATED = 1, DELETED = 2, MODIFIED = 4, OVERFLOWED = 8, GONE = 16 };

int vmrpc_watch_open(void)
{
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

int vmrpc_watch_add(int fd, int root, int64_t path, int bits)
{
    char link[32];
    uint32_t mask = IN_ONLYDIR | IN_DELETE_SELF | IN_MOVE_SELF | ((bits & CREATED) != 0 ? IN_CREATE | IN_MOVED_TO : 0u) |
                    ((bits & DELETED) != 0 ? IN_DELETE | IN_MOVED_FROM : 0u) | ((bits & MODIFIED) != 0 ? IN_MODIFY | IN_ATTRIB : 0u);
    int folder = vmrpc_path_beneath(root, vmrpc_path_text(path), O_PATH | O_DIRECTORY, 0, 0);
    if (folder < 0)
        return folder;
    vmrpc_path_link(folder, link);
    int watch = inotify_add_watch(fd, link, mask);
    int failed = errno;
    close(folder);
    return watch < 0 ? -failed : watch;
}

int vmrpc_watch_remove(int fd, int watch)
{
    return inotify_rm_watch(fd, watch) == 0 ? 0 : -errno;
}

static uint32_t bits_of(uint32_t mask)
{
    return ((mask & (IN_CREATE | IN_MOVED_TO)) != 0 ? CREATED : 0u) | ((mask & (IN_DELETE | IN_MOVED_FROM)) != 0 ? DELETED : 0u) |
           ((mask & (IN_MODIFY | IN_ATTRIB)) != 0 ? MODIFIED : 0u) | ((mask & IN_Q_OVERFLOW) != 0 ? OVERFLOWED : 0u) |
           ((mask & (IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT)) != 0 ? GONE : 0u);
}

/* Packs the kernel's events into the wire's, in place: those are not longer. */
int vmrpc_watch_read(int fd, int64_t out, int length)
{
    uint8_t *events = (uint8_t *)(intptr_t)out;
    ssize_t count = read(fd, events, (size_t)length);
    if (count < 0)
        return -errno;
    int packed = 0;
    for (ssize_t at = 0; at < count;) {
        struct inotify_event event;
        memcpy(&event, events + at, sizeof event);
        const char *name = (const char *)events + at + sizeof event;
        uint32_t name_length = event.len == 0 ? 0 : (uint32_t)strlen(name);
        struct vmrpc_file_change change = {.watch = event.wd, .bits = bits_of(event.mask), .length = name_length};
        at += (ssize_t)(sizeof event + event.len);
        if (change.bits != 0) {
            memmove(events + packed + sizeof change, name, change.length);
            memcpy(events + packed, &change, sizeof change);
            packed += (int)(sizeof change + change.length);
        }
    }
    return packed;
}
