/* SPDX-License-Identifier: MIT */
#ifndef VMRPC_KVM_INTERPOSE_H
#define VMRPC_KVM_INTERPOSE_H

/* libc's ioctl, or whichever library stands behind this one. 0 or a value, or -1 and errno. */
int vmrpc_real_ioctl(int fd, unsigned long request, void *argument);

#endif
