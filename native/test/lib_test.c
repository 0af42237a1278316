/* SPDX-License-Identifier: Apache-2.0
 *
 * libvmrpc's own functions, and a gate from end to end.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "fixture.h"
#include "vmrpc.h"

static void files(struct region *r)
{
    char path[128];
    snprintf(path, sizeof path, "%s/file", r->folder);
    CHECK_EQ(-ENOENT, vmrpc_region_open(path, 0, 0));
    CHECK_EQ(-EISDIR, vmrpc_region_open(r->folder, 0, 0));
    CHECK_EQ(-EMEDIUMTYPE, vmrpc_region_open("/dev/null", 0, 0));
    int fd = vmrpc_region_open(path, 1, 65536);
    CHECK(fd >= 0);
    CHECK_EQ(65536, vmrpc_file_size(fd));
    struct stat st;
    CHECK(fstat(fd, &st) == 0 && (st.st_mode & 0777) == 0600);
    int again = vmrpc_region_open(path, 1, 4096); /* never truncates content */
    CHECK_EQ(65536, vmrpc_file_size(again));
    CHECK_EQ(0, vmrpc_lock(fd, 7));
    CHECK_EQ(-EAGAIN, vmrpc_lock(again, 7));
    CHECK_EQ(0, vmrpc_lock(again, 8));
    int64_t map = vmrpc_map(fd, 65536);
    CHECK(map > 0);
    CHECK_EQ(0, vmrpc_futex_wake(map));
    CHECK_EQ(0, vmrpc_unmap(map, 65536));
    CHECK_EQ(0, vmrpc_close(fd));
    CHECK_EQ(-EBADF, vmrpc_close(fd));
    CHECK_EQ(0, vmrpc_lock(again, 7)); /* closing gave it back */
    CHECK_EQ(0, vmrpc_close(again));
    if (geteuid() == 0) {
        CHECK(chown(path, 65534, 65534) == 0);
        CHECK_EQ(-EPERM, vmrpc_region_open(path, 0, 0));
    }
    unlink(path);
    CHECK(symlink(r->path, path) == 0);
    CHECK_EQ(-ELOOP, vmrpc_region_open(path, 1, 65536));
    unlink(path);
}

static void sockets(void)
{
    int pair[2], event = vmrpc_eventfd();
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
    CHECK_EQ((int)geteuid(), vmrpc_peer_uid(pair[0]));
    CHECK_EQ(3, vmrpc_send_fd(pair[0], "abc", 3, event));
    CHECK_EQ(-EBADF, vmrpc_send_fd(pair[0], "abc", 3, 9999));
    CHECK_EQ(0, vmrpc_eventfd_signal(event));
    close(pair[1]);
    CHECK_EQ(-EPIPE, vmrpc_send_fd(pair[0], "abc", 3, -1));
    close(pair[0]);
    close(event);
}

static void threads(void)
{
    uint64_t mask[128], one[128] = {0}, now[128], limits[2];
    CHECK_EQ(0, vmrpc_get_affinity(0, mask, sizeof mask));
    for (size_t i = 0; !one[0] && i < 64; i++)
        one[0] = mask[0] & UINT64_C(1) << i;
    CHECK_EQ(0, vmrpc_set_affinity(0, one, sizeof one));
    CHECK_EQ(0, vmrpc_get_affinity(vmrpc_gettid(), now, sizeof now));
    CHECK(memcmp(now, one, sizeof now) == 0);
    CHECK_EQ(0, vmrpc_set_affinity(0, mask, sizeof mask));
    one[0] = 0;
    CHECK_EQ(-EINVAL, vmrpc_set_affinity(0, one, sizeof one));
    CHECK_EQ(0, vmrpc_get_memlock(0, (int64_t *)limits));
    CHECK_EQ(0, vmrpc_set_memlock(getpid(), (int64_t)limits[0], (int64_t)limits[1]));
    CHECK_EQ(-EINVAL, vmrpc_set_memlock(0, 2, 1));
    CHECK_EQ(0, vmrpc_set_scheduler(0, SCHED_BATCH, 0));
    CHECK_EQ(SCHED_BATCH << 8, vmrpc_get_scheduler(0));
    CHECK_EQ(0, vmrpc_set_scheduler(0, SCHED_OTHER, 0));
    CHECK_EQ(-EINVAL, vmrpc_set_scheduler(0, SCHED_FIFO, 1000));
    CHECK_EQ(0, vmrpc_set_timer_slack(1));
    int64_t start = vmrpc_now_ns();
    CHECK_EQ(0, vmrpc_sleep_ns(3 * MS));
    CHECK_EQ(0, vmrpc_sleep_until_ns(start + 8 * MS));
    CHECK(vmrpc_now_ns() >= start + 8 * MS);
    CHECK_EQ(0, vmrpc_sleep_until_ns(start));
    CHECK_EQ(0, vmrpc_sleep_ns(-1));
}

/* That an interrupt ends a park is for a real guest to show. */
static void interrupts(void)
{
    int single = vmrpc_interrupt_register();
    CHECK(single == 0 || single == 1);
    CHECK_EQ(single, vmrpc_interrupt_register());
    if (!single) {
        CHECK_EQ(0, vmrpc_interrupt(-1));
        return;
    }
    CHECK_EQ(0, vmrpc_interrupt(sched_getcpu())); /* itself, or whoever runs there */
    CHECK_EQ(0, vmrpc_interrupt(1 << 20));        /* no such CPU: nobody to interrupt */
}

/* Every struct is described without gaps, so no field was forgotten in layout.c. */
static void layout(void)
{
    int length = vmrpc_layout(NULL, 0);
    CHECK(length > 1000);
    char *text = malloc((size_t)length + 1), *rest = text, *line, struct_now[64] = "";
    CHECK_EQ(length, vmrpc_layout(text, length + 1));
    size_t end = 0;
    int structs = 0;
    while ((line = strsep(&rest, "\n")) && *line) {
        char type[64], field[64];
        size_t offset, size;
        int parts = sscanf(line, "%63s %63s %zu %zu", type, field, &offset, &size);
        CHECK(parts == 4 || (parts == 3 && strcmp(type, "const") == 0));
        if (parts != 4)
            continue;
        if (strcmp(type, struct_now) != 0) {
            CHECK(end % 8 == 0);
            end = 0;
            structs++;
            strcpy(struct_now, type);
        }
        CHECK_EQ(end, offset);
        end = offset + size;
    }
    CHECK_EQ(23, structs);
    free(text);
    CHECK_EQ(VMRPC_VERSION_MAJOR << 16 | VMRPC_VERSION_MINOR, vmrpc_abi_version());
}

static void gate(struct region *r)
{
    char error[300] = "";
    CHECK_EQ(0, vmrpc_gate_open("/nowhere/region", NULL, 0, error, sizeof error));
    CHECK_SAYS(error, "/nowhere/region");
    int64_t g = vmrpc_gate_open(r->path, NULL, 2, error, sizeof error);
    CHECK(g != 0);
    CHECK_EQ(2, r->header->shim.slots_served);
    arm(r, now_ns() + 3 * MS, 0);
    CHECK_EQ(VMRPC_WAKE_DEADLINE, vmrpc_park(g, 0));
    CHECK_EQ(0, vmrpc_kick(g, 0));
    arm(r, now_ns() + EVER, 0);
    CHECK_EQ(VMRPC_WAKE_KICK, vmrpc_park(g, 0));
    CHECK_EQ(0, vmrpc_doorbell(g));
    vmrpc_gate_close(g);
    CHECK_EQ(0, vmrpc_park(VMRPC_INSTRUCTION_NOP, 0)); /* without a shim these do nothing */
    CHECK_EQ(0, vmrpc_doorbell(VMRPC_INSTRUCTION_NOP));
    CHECK_EQ(-EINVAL, vmrpc_kick(VMRPC_INSTRUCTION_NOP, 0));
    CHECK_EQ(-EINVAL, vmrpc_park(VMRPC_INSTRUCTION_NONE, 0));
}

void test_lib(void)
{
    struct region r;
    region_create(&r);
    files(&r);
    sockets();
    threads();
    interrupts();
    layout();
    gate(&r);
    region_remove(&r);
}
