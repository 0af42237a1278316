/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "stats.h"

#include <string.h>
#include <unistd.h>

#include "interpose.h"

#define COUNTER "halt_exits"

/* Where the counter stands in `fd`, or -1. The kernel's answers are believed, but for a name that would not fit. */
static off_t find(int fd)
{
    struct kvm_stats_header header;
    struct {
        struct kvm_stats_desc fixed;
        char name[64];
    } descriptor;
    if (pread(fd, &header, sizeof header, 0) != (ssize_t)sizeof header || header.name_size > sizeof descriptor.name)
        return -1;
    size_t size = sizeof descriptor.fixed + header.name_size;
    for (uint32_t i = 0; i < header.num_desc; i++) {
        if (pread(fd, &descriptor, size, (off_t)(header.desc_offset + i * size)) != (ssize_t)size)
            return -1;
        if (strncmp(descriptor.name, COUNTER, header.name_size) == 0)
            return (off_t)header.data_offset + descriptor.fixed.offset;
    }
    return -1;
}

void vmrpc_stats_open(struct vcpu *vcpu)
{
    vcpu->stats_fd = vmrpc_real_ioctl(vcpu->fd, KVM_GET_STATS_FD, NULL);
    if (vcpu->stats_fd < 0)
        return;
    vcpu->stats_halts = find(vcpu->stats_fd);
    if (vcpu->stats_halts < 0)
        vmrpc_stats_close(vcpu);
}

void vmrpc_stats_close(struct vcpu *vcpu)
{
    if (vcpu->stats_fd >= 0)
        close(vcpu->stats_fd);
    vcpu->stats_fd = -1;
}

uint64_t vmrpc_stats_halts(const struct vcpu *vcpu)
{
    uint64_t count = 0;
    if (vcpu->stats_fd >= 0 && pread(vcpu->stats_fd, &count, sizeof count, vcpu->stats_halts) != (ssize_t)sizeof count)
        return 0;
    return count;
}
