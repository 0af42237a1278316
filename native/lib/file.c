/* SPDX-License-Identifier: Apache-2.0
 *
 * Files for the agent's service "file". Every path is resolved by the kernel beneath an exported folder (openat2), so neither links nor
 * races nor /proc lead out of it; what is opened is a regular file or a folder, known before it is opened. Errors as negative errno.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "path.h"
#include "vmrpc.h"
#include "vmrpc_abi.h"

enum { ATTEMPTS = 16 };
#define BENEATH (RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV)

const char *vmrpc_path_text(int64_t address)
{
    return (const char *)(intptr_t)address;
}

/* The kernel answers EAGAIN if a rename raced with a `..`, and if it would have to wait for what is not cached. */
int vmrpc_path_beneath(int root, const char *path, int flags, int mode, int resolve)
{
    struct open_how how = {.flags = (unsigned)(flags | O_CLOEXEC), .mode = (unsigned)mode, .resolve = (unsigned)(BENEATH | resolve)};
    long fd = -1;
    for (int i = 0; i < ATTEMPTS; i++) {
        fd = syscall(SYS_openat2, root, path[0] == 0 ? "." : path, &how, sizeof how);
        if (fd >= 0 || errno != EAGAIN || resolve != 0)
            break;
    }
    return fd < 0 ? -errno : (int)fd;
}

int vmrpc_path_done(int failed)
{
    return failed ? -errno : 0;
}

int vmrpc_path_closing(int fd, int result)
{
    close(fd);
    return result;
}

static int64_t ns(struct statx_timestamp at)
{
    return at.tv_sec * VMRPC_SECOND + at.tv_nsec;
}

int vmrpc_path_attributes(int fd, int64_t out)
{
    struct statx x;
    struct vmrpc_file_attributes *a = (struct vmrpc_file_attributes *)(intptr_t)out;
    if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_BASIC_STATS | STATX_BTIME, &x) != 0)
        return -errno;
    a->size = x.stx_size;
    a->modified_ns = ns(x.stx_mtime);
    a->accessed_ns = ns(x.stx_atime);
    a->changed_ns = ns(x.stx_ctime);
    a->created_ns = (x.stx_mask & STATX_BTIME) != 0 ? ns(x.stx_btime) : a->modified_ns;
    a->inode = x.stx_ino;
    a->mode = x.stx_mode;
    a->links = x.stx_nlink;
    a->uid = x.stx_uid;
    a->gid = x.stx_gid;
    return 0;
}

int vmrpc_file_export(const char *folder)
{
    int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int probe = vmrpc_path_beneath(fd, "", O_PATH, 0, 0); /* a kernel without openat2 cannot confine anybody */
    if (probe < 0)
        return vmrpc_path_closing(fd, probe);
    close(probe);
    return fd;
}

int vmrpc_file_stat(int root, int64_t path, int flags, int64_t out)
{
    int fd = vmrpc_path_beneath(root, vmrpc_path_text(path), O_PATH | ((flags & 1) != 0 ? O_NOFOLLOW : 0), 0, (flags & 2) != 0 ? RESOLVE_CACHED : 0);
    return fd < 0 ? fd : vmrpc_path_closing(fd, vmrpc_path_attributes(fd, out));
}

int vmrpc_file_attributes(int fd, int64_t out)
{
    return vmrpc_path_attributes(fd, out);
}

void vmrpc_path_link(int fd, char out[32])
{
    snprintf(out, 32, "/proc/self/fd/%d", fd);
}

/* Opens what an O_PATH descriptor stands for: what it is cannot change any more. */
static int reopen(int fd, int flags)
{
    char link[32];
    struct stat s;
    if (fstat(fd, &s) != 0)
        return -errno;
    if (S_ISLNK(s.st_mode))
        return -ELOOP;
    if (S_ISDIR(s.st_mode) && (flags & O_ACCMODE) != O_RDONLY)
        return -EISDIR;
    if (!S_ISDIR(s.st_mode) && (flags & O_DIRECTORY) != 0)
        return -ENOTDIR;
    if (!S_ISREG(s.st_mode) && !S_ISDIR(s.st_mode))
        return -EMEDIUMTYPE;
    vmrpc_path_link(fd, link);
    int opened = open(link, flags | O_CLOEXEC | O_NOCTTY);
    return opened < 0 ? -errno : opened;
}

static int native_flags(int flags)
{
    int access = (flags & 2) == 0 ? O_RDONLY : (flags & 1) != 0 ? O_RDWR : O_WRONLY;
    return access | ((flags & 4) != 0 ? O_APPEND : 0) | ((flags & 64) != 0 ? O_SYNC : 0) | ((flags & 128) != 0 ? O_DSYNC : 0)
        | ((flags & 512) != 0 ? O_DIRECTORY : 0);
}

int vmrpc_file_open(int root, int64_t path, int flags, int mode)
{
    int found = -ENOENT;
    for (int i = 0; i < ATTEMPTS && found == -ENOENT; i++) {
        found = vmrpc_path_beneath(root, vmrpc_path_text(path), O_PATH | ((flags & 256) != 0 ? O_NOFOLLOW : 0), 0, 0);
        if (found >= 0)
            return vmrpc_path_closing(found, (flags & 32) != 0 ? -EEXIST : reopen(found, native_flags(flags)));
        if (found != -ENOENT || (flags & (16 | 32)) == 0)
            return found;
        int made = vmrpc_path_beneath(root, vmrpc_path_text(path), native_flags(flags) | O_CREAT | O_EXCL, mode & 0777, 0);
        if (made != -EEXIST || (flags & 32) != 0)
            return made;
    }
    return found; /* somebody makes and removes it all the time, or it is a link to nothing */
}

int64_t vmrpc_file_read(int fd, int64_t data, int64_t length, int64_t position, int nowait)
{
    struct iovec piece = {(void *)(intptr_t)data, (size_t)length};
    ssize_t count = preadv2(fd, &piece, 1, position, nowait ? RWF_NOWAIT : 0);
    return count < 0 ? -errno : count;
}

int64_t vmrpc_file_write(int fd, int64_t data, int64_t length, int64_t position, int nowait)
{
    struct iovec piece = {(void *)(intptr_t)data, (size_t)length};
    ssize_t count = pwritev2(fd, &piece, 1, position, nowait ? RWF_NOWAIT : 0); /* -1: at the end, the descriptor is an appending one */
    return count < 0 ? -errno : count;
}

int64_t vmrpc_file_position(int fd)
{
    off_t position = lseek(fd, 0, SEEK_CUR);
    return position < 0 ? -errno : position;
}

int vmrpc_file_sync(int fd, int data_only)
{
    return vmrpc_path_done(data_only ? fdatasync(fd) : fsync(fd));
}

int vmrpc_file_truncate(int fd, int64_t size)
{
    return vmrpc_path_done(ftruncate(fd, size));
}

int64_t vmrpc_file_copy(int from, int64_t from_position, int to, int64_t to_position, int64_t length)
{
    loff_t in = from_position, out = to_position;
    ssize_t count = copy_file_range(from, &in, to, &out, (size_t)length, 0);
    return count < 0 ? -errno : count;
}

int vmrpc_file_lock(int fd, int type, int64_t position, int64_t length)
{
    struct flock lock = {.l_type = type == 0 ? F_UNLCK : type == 1 ? F_RDLCK : F_WRLCK, .l_whence = SEEK_SET, .l_start = position,
        .l_len = length};
    return vmrpc_path_done(fcntl(fd, F_OFD_SETLK, &lock));
}

/* Total, free for everybody, free for the agent: bytes. Then the block's size. */
int vmrpc_file_store(int root, int64_t out)
{
    struct statfs s;
    int64_t *numbers = (int64_t *)(intptr_t)out;
    if (fstatfs(root, &s) != 0)
        return -errno;
    int64_t block = s.f_frsize > 0 ? s.f_frsize : s.f_bsize;
    numbers[0] = (int64_t)s.f_blocks * block;
    numbers[1] = (int64_t)s.f_bfree * block;
    numbers[2] = (int64_t)s.f_bavail * block;
    numbers[3] = block;
    return 0;
}

static uint16_t kind(uint8_t type)
{
    return type == DT_REG ? 1 : type == DT_DIR ? 2 : type == DT_LNK ? 3 : type == DT_UNKNOWN ? 0 : 4;
}

/* Packs the kernel's entries into the wire's, in place: those are shorter. */
static int pack(uint8_t *entries, long length)
{
    int packed = 0;
    for (long at = 0; at < length;) {
        struct dirent64 entry;
        memcpy(&entry, entries + at, offsetof(struct dirent64, d_name));
        const char *name = (const char *)entries + at + offsetof(struct dirent64, d_name);
        struct vmrpc_file_entry wire = {.kind = kind(entry.d_type), .length = (uint16_t)strlen(name)};
        at += entry.d_reclen;
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
            memmove(entries + packed + sizeof wire, name, wire.length);
            memcpy(entries + packed, &wire, sizeof wire);
            packed += (int)sizeof wire + wire.length;
        }
    }
    return packed;
}

int vmrpc_file_list(int fd, int64_t out, int length, int rewinds)
{
    if (rewinds && lseek(fd, 0, SEEK_SET) < 0)
        return -errno;
    for (;;) {
        long count = syscall(SYS_getdents64, fd, (void *)(intptr_t)out, (unsigned)length);
        if (count <= 0)
            return count < 0 ? -errno : 0;
        int packed = pack((uint8_t *)(intptr_t)out, count);
        if (packed > 0)
            return packed;
    }
}
