/* SPDX-License-Identifier: Apache-2.0
 *
 * Finding the region: BAR 2 of the ivshmem-plain device, 1af4:1110, on bus 0. The firmware
 * has placed it, or we are the firmware.
 */
#ifndef GUEST_PCI_H
#define GUEST_PCI_H

#include <stdint.h>

struct bar {
    uint32_t address;
    uint32_t length;
};

/* 0, or what is missing. */
const char *pci_find_region(struct bar *bar);

#endif
