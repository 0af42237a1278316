/* SPDX-License-Identifier: Apache-2.0
 *
 * Finding what parks: the region's device, the shim, the CPU, and which slot is its.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cpu.h"
#include "guestd.h"
#include "hypercall.h"

#define DEVICES "/sys/bus/pci/devices"
#define AGREEING 3
#define TRIES 300
#define CALIBRATIONS 200

/* The first line of a file, empty if it cannot be read. */
static const char *first_line(const char *path, char *line, int size)
{
    FILE *file = fopen(path, "re");
    line[0] = 0;
    if (file) {
        if (!fgets(line, size, file))
            line[0] = 0;
        fclose(file);
    }
    line[strcspn(line, "\n")] = 0;
    return line;
}

static int is_ivshmem(const char *name)
{
    char path[512], line[16];
    snprintf(path, sizeof path, DEVICES "/%s/vendor", name);
    if (strcmp(first_line(path, line, sizeof line), "0x1af4"))
        return 0;
    snprintf(path, sizeof path, DEVICES "/%s/device", name);
    return !strcmp(first_line(path, line, sizeof line), "0x1110");
}

static void find_device(char *path, size_t size)
{
    DIR *folder = opendir(DEVICES);
    int found = 0;
    for (struct dirent *each; folder && (each = readdir(folder));)
        if (is_ivshmem(each->d_name)) {
            snprintf(path, size, DEVICES "/%s/resource2", each->d_name);
            found++;
        }
    if (folder)
        closedir(folder);
    if (found != 1)
        die("this machine has %d ivshmem devices (PCI 1af4:1110), one is needed: start the VM with -object memory-backend-file,share=on,... "
            "-device ivshmem-plain,... (docs/operations.md)", found);
}

static void map_region(struct guestd *guestd)
{
    char path[512];
    find_device(path, sizeof path);
    guestd->region_fd = open(path, O_RDWR | O_CLOEXEC);
    struct stat st;
    if (guestd->region_fd < 0 || fstat(guestd->region_fd, &st) < 0)
        die("cannot open %s: %s: run as root; with Secure Boot, lockdown forbids it and must be off in this guest", path, strerror(errno));
    void *base = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, guestd->region_fd, 0);
    if (base == MAP_FAILED)
        die("cannot map %s: %s", path, strerror(errno));
    struct bar bar = {.address = (uintptr_t)base, .length = (uint32_t)st.st_size};
    const char *wrong = region_open(&guestd->region, &bar);
    if (wrong)
        die("the region is not usable: %s (start the agent before the VM)", wrong);
    volatile struct vmrpc_shim_line *shim = &guestd->region.header->shim;
    if (load_acquire64(&shim->shim_epoch) == 0)
        die("no shim serves this VM's region: start QEMU with the plugin libvmrpc-qemu-tcg.so, or under KVM with libvmrpc-qemu-kvm.so preloaded");
    if (shim->refusal)
        die("the shim refuses to park (reason %u of docs/protocol.md, section 3.5): see QEMU's messages", shim->refusal);
    if (shim->instruction != VMRPC_INSTRUCTION_NOP && shim->instruction != VMRPC_INSTRUCTION_OUT)
        die("the shim is entered by instruction %u, which this version does not know: use the same release in guest and host", shim->instruction);
    guestd->vcpu.instruction = shim->instruction;
}

static int isolated_cpu(void)
{
    char line[256];
    first_line("/sys/devices/system/cpu/isolated", line, sizeof line);
    if (!line[0])
        die("this guest has no isolated CPU: boot it with isolcpus=nohz,domain,managed_irq,1 nohz_full=1 rcu_nocbs=1, or name one with --cpu");
    return atoi(line);
}

void vcpu_find(struct guestd *guestd, int cpu)
{
    char line[256];
    first_line("/sys/devices/system/clocksource/clocksource0/current_clocksource", line, sizeof line);
    if (strcmp(line, "tsc"))
        die("the guest's clocksource is '%s' and not tsc, so host deadlines cannot be kept: boot it with clocksource=tsc tsc=reliable", line);
    guestd->cpu = cpu >= 0 ? cpu : isolated_cpu();
    first_line("/proc/sys/kernel/sched_rt_runtime_us", line, sizeof line);
    if (strcmp(line, "-1"))
        fprintf(stderr, "vmrpc-guestd: warning: the guest kernel throttles real-time threads, and takes parked time for run time: "
                        "sysctl -w kernel.sched_rt_runtime_us=-1\n");
    map_region(guestd);
}

/* The only slot whose acknowledgements a hypercall of this thread moves, or -1. */
static int moved_slot(const struct guestd *guestd)
{
    uint64_t before[VMRPC_MAX_SLOTS];
    const struct region *region = &guestd->region;
    for (uint32_t i = 0; i < region->slot_count; i++)
        before[i] = load_acquire64(&region_slot(region, i)->shim.acks);
    hypercall_park(guestd->vcpu.instruction);
    int moved = -1;
    for (uint32_t i = 0; i < region->slot_count; i++)
        if (load_acquire64(&region_slot(region, i)->shim.acks) != before[i]) {
            if (moved >= 0)
                return -1;
            moved = (int)i;
        }
    return moved;
}

/* R45: whoever stores to a slot's guest line holds its byte of the file. 0 if it is another's. */
static int lock_slot(const struct guestd *guestd, int slot, short type)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = VMRPC_LOCK_SLOT + slot, .l_len = 1};
    return fcntl(guestd->region_fd, F_OFD_SETLK, &lock) == 0;
}

/* A process that was killed in a park leaves its slot armed, and the probe of that vCPU would park. */
static void disarm_leftovers(const struct guestd *guestd)
{
    for (int i = 0; i < (int)guestd->region.slot_count; i++)
        if (lock_slot(guestd, i, F_WRLCK)) {
            store_release32(&region_slot(&guestd->region, (uint32_t)i)->guest.armed, 0);
            lock_slot(guestd, i, F_UNLCK);
        }
}

static void take_slot(const struct guestd *guestd, int slot)
{
    if (!lock_slot(guestd, slot, F_WRLCK))
        die("the vCPU of CPU %d is in use: another vmrpc-guestd runs, or a program has bound it; end that first", guestd->cpu);
}

void vcpu_own(struct guestd *guestd)
{
    int found = -1;
    disarm_leftovers(guestd);
    for (int agreed = 0, tries = 0; agreed < AGREEING; tries++) {
        if (tries == TRIES)
            die("the shim did not answer a park hypercall on CPU %d: the VM has more vCPUs than the region has slots, or the shim is gone; "
                "start the agent with more slots", guestd->cpu);
        int slot = moved_slot(guestd);
        agreed = slot >= 0 && slot == found ? agreed + 1 : 0;
        found = slot;
    }
    take_slot(guestd, found);
    vcpu_bind(&guestd->vcpu, &guestd->region, (uint32_t)found);
    clock_begin_ns(&guestd->vcpu.clock);
    for (int i = 0; i < CALIBRATIONS; i++)
        vcpu_probe(&guestd->vcpu);
}
