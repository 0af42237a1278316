/* SPDX-License-Identifier: Apache-2.0
 *
 * Names of files for the agent's service "file": made, renamed, removed, changed, read. Errors as negative errno.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "path.h"
#include "vmrpc.h"
#include "vmrpc_abi.h"

enum { PATH_LENGTH = 4096 };

/* The folder that holds the last element, whose name is stored; by its descriptor nothing can be exchanged under the call that follows. */
static int parent(int root, int64_t path, char name[NAME_MAX + 1])
{
    char folder[PATH_LENGTH];
    size_t length = strnlen(vmrpc_path_text(path), PATH_LENGTH);
    if (length == PATH_LENGTH)
        return -ENAMETOOLONG;
    memcpy(folder, vmrpc_path_text(path), length + 1);
    char *slash = strrchr(folder, '/');
    const char *last = slash == NULL ? folder : slash + 1;
    if (strlen(last) > NAME_MAX)
        return -ENAMETOOLONG;
    if (last[0] == 0 || strcmp(last, ".") == 0 || strcmp(last, "..") == 0)
        return -EBUSY; /* the exported folder itself, or a name that says nothing about what would be changed */
    strcpy(name, last);
    if (slash == NULL)
        folder[0] = 0;
    else
        *slash = 0;
    return vmrpc_path_beneath(root, folder, O_PATH | O_DIRECTORY, 0, 0);
}

int vmrpc_file_make_folder(int root, int64_t path, int mode)
{
    char name[NAME_MAX + 1];
    int folder = parent(root, path, name);
    return folder < 0 ? folder : vmrpc_path_closing(folder, vmrpc_path_done(mkdirat(folder, name, (mode_t)mode & 0777)));
}

int vmrpc_file_make_link(int root, int64_t path, int64_t target)
{
    char name[NAME_MAX + 1];
    int folder = parent(root, path, name);
    return folder < 0 ? folder : vmrpc_path_closing(folder, vmrpc_path_done(symlinkat(vmrpc_path_text(target), folder, name)));
}

int vmrpc_file_remove(int root, int64_t path, int flags, int64_t out)
{
    char name[NAME_MAX + 1];
    int folder = parent(root, path, name);
    if (folder < 0)
        return folder;
    int found = openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (found < 0)
        return vmrpc_path_closing(folder, -errno);
    int result = vmrpc_path_closing(found, vmrpc_path_attributes(found, out));
    if (result == 0) {
        int is_folder = S_ISDIR(((struct vmrpc_file_attributes *)(intptr_t)out)->mode);
        result = vmrpc_path_done(unlinkat(folder, name, (flags & 1) != 0 || ((flags & 2) == 0 && is_folder) ? AT_REMOVEDIR : 0));
    }
    return vmrpc_path_closing(folder, result);
}

/* Two names at a time. */
static int both(int from_root, int64_t from, int to_root, int64_t to, char name[NAME_MAX + 1], char new_name[NAME_MAX + 1], int *second)
{
    int first = parent(from_root, from, name);
    if (first < 0)
        return first;
    *second = parent(to_root, to, new_name);
    return *second < 0 ? vmrpc_path_closing(first, *second) : first;
}

int vmrpc_file_rename(int from_root, int64_t from, int to_root, int64_t to, int replace)
{
    char name[NAME_MAX + 1], new_name[NAME_MAX + 1];
    int second, first = both(from_root, from, to_root, to, name, new_name, &second);
    if (first < 0)
        return first;
    int result = vmrpc_path_done(renameat2(first, name, second, new_name, replace ? 0 : RENAME_NOREPLACE));
    return vmrpc_path_closing(first, vmrpc_path_closing(second, result));
}

int vmrpc_file_link(int root, int64_t existing, int64_t path)
{
    char name[NAME_MAX + 1], new_name[NAME_MAX + 1];
    int second, first = both(root, existing, root, path, name, new_name, &second);
    if (first < 0)
        return first;
    int result = vmrpc_path_done(linkat(first, name, second, new_name, 0));
    return vmrpc_path_closing(first, vmrpc_path_closing(second, result));
}

int vmrpc_file_read_link(int root, int64_t path, int64_t out, int length)
{
    int fd = vmrpc_path_beneath(root, vmrpc_path_text(path), O_PATH | O_NOFOLLOW, 0, 0);
    if (fd < 0)
        return fd;
    ssize_t count = readlinkat(fd, "", (char *)(intptr_t)out, (size_t)length);
    return vmrpc_path_closing(fd, count < 0 ? (errno == ENOENT ? -EINVAL : -errno) : count == length ? -ENAMETOOLONG : (int)count);
}

static int own_path(int fd, char out[PATH_LENGTH])
{
    char link[32];
    vmrpc_path_link(fd, link);
    ssize_t count = readlink(link, out, PATH_LENGTH);
    if (count < 0 || count == PATH_LENGTH)
        return count < 0 ? -errno : -ENAMETOOLONG;
    out[count] = 0;
    return (int)count;
}

/* Where the path leads, relative to the exported folder. */
int vmrpc_file_real_path(int root, int64_t path, int64_t out, int length)
{
    char base[PATH_LENGTH], found[PATH_LENGTH];
    int fd = vmrpc_path_beneath(root, vmrpc_path_text(path), O_PATH, 0, 0);
    if (fd < 0)
        return fd;
    int base_length = own_path(root, base), found_length = vmrpc_path_closing(fd, own_path(fd, found));
    if (base_length < 0 || found_length < 0)
        return base_length < 0 ? base_length : found_length;
    if (base_length == 1)
        base_length = 0; /* the root folder */
    if (found_length < base_length || memcmp(base, found, (size_t)base_length) != 0 || (found[base_length] != '/' && found[base_length] != 0))
        return -ENOENT; /* the exported folder was moved between the two looks */
    int rest = found_length - base_length - 1;
    if (rest > length)
        return -ENAMETOOLONG;
    if (rest > 0)
        memcpy((void *)(intptr_t)out, found + base_length + 1, (size_t)rest);
    return rest > 0 ? rest : 0;
}

/* access_ns, modified_ns: INT64_MIN leaves it. mode: -1 leaves it; no more than the permissions of owner, group and others. */
int vmrpc_file_change(int root, int64_t path, int no_follow, int mode, int64_t accessed_ns, int64_t modified_ns)
{
    char link[32];
    struct stat s;
    int fd = vmrpc_path_beneath(root, vmrpc_path_text(path), O_PATH | (no_follow ? O_NOFOLLOW : 0), 0, 0);
    if (fd < 0)
        return fd;
    if (fstat(fd, &s) != 0)
        return vmrpc_path_closing(fd, -errno);
    if (!S_ISREG(s.st_mode) && !S_ISDIR(s.st_mode))
        return vmrpc_path_closing(fd, S_ISLNK(s.st_mode) ? -ELOOP : -EMEDIUMTYPE);
    vmrpc_path_link(fd, link);
    if (mode >= 0 && chmod(link, (mode_t)mode & 0777) != 0)
        return vmrpc_path_closing(fd, -errno);
    int64_t both_ns[] = {accessed_ns, modified_ns};
    struct timespec times[2];
    for (int i = 0; i < 2; i++) {
        int64_t rest = both_ns[i] % VMRPC_SECOND;
        times[i].tv_sec = both_ns[i] / VMRPC_SECOND - (rest < 0);
        times[i].tv_nsec = both_ns[i] == INT64_MIN ? UTIME_OMIT : rest + (rest < 0 ? VMRPC_SECOND : 0);
    }
    return vmrpc_path_closing(fd, vmrpc_path_done(utimensat(AT_FDCWD, link, times, 0)));
}

/* Bits 4 read, 2 write, 1 execute, by the agent's own identity. */
int vmrpc_file_access(int root, int64_t path, int bits)
{
    char link[32];
    int fd = vmrpc_path_beneath(root, vmrpc_path_text(path), O_PATH, 0, 0);
    if (fd < 0)
        return fd;
    vmrpc_path_link(fd, link);
    return vmrpc_path_closing(fd, vmrpc_path_done(faccessat(AT_FDCWD, link, bits & 7, AT_EACCESS)));
}
