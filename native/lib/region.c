/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmrpc.h"

int vmrpc_region_open(const char *path, int create, int64_t length)
{
    /* O_NONBLOCK: the open of a FIFO must not hang before we can refuse it. */
    int fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | (create ? O_CREAT : 0), 0600);
    if (fd < 0)
        return -errno;
    struct stat st;
    int failed = 0;
    if (fstat(fd, &st) != 0)
        failed = errno;
    else if (!S_ISREG(st.st_mode))
        failed = EMEDIUMTYPE;
    else if (st.st_uid != geteuid())
        failed = EPERM;
    else if (create && (st.st_mode & 077) != 0 && fchmod(fd, 0600) != 0) /* QEMU, started first, makes the file with 0644 */
        failed = errno;
    else if (create && st.st_size == 0 && ftruncate(fd, length) != 0)
        failed = errno;
    if (!failed)
        return fd;
    close(fd);
    return -failed;
}

int vmrpc_device_open(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

int64_t vmrpc_file_size(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 ? (int64_t)st.st_size : -errno;
}

int vmrpc_lock(int fd, int byte)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
        return 0;
    return errno == EACCES ? -EAGAIN : -errno; /* POSIX leaves the choice of the two to the system */
}

int vmrpc_unlock(int fd, int byte)
{
    struct flock lock = {.l_type = F_UNLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    return fcntl(fd, F_OFD_SETLK, &lock) == 0 ? 0 : -errno;
}

int64_t vmrpc_map(int fd, int64_t length)
{
    void *address = mmap(NULL, (size_t)length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
    return address == MAP_FAILED ? -errno : (int64_t)(intptr_t)address;
}

int vmrpc_unmap(int64_t address, int64_t length)
{
    return munmap((void *)(intptr_t)address, (size_t)length) == 0 ? 0 : -errno;
}

int vmrpc_close(int fd) { return close(fd) == 0 ? 0 : -errno; }
