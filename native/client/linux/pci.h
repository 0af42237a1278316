/* SPDX-License-Identifier: Apache-2.0
 *
 * BAR 2 of the ivshmem device as a Linux process has it: mapped from sysfs.
 */
#ifndef LINUX_PCI_H
#define LINUX_PCI_H

#include <stdint.h>

struct bar {
    uintptr_t address;
    uint32_t length;
};

#endif
