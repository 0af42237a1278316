/* SPDX-License-Identifier: Apache-2.0 */
#include "pci.h"

#include "cpu.h"

#define ADDRESS 0xcf8
#define CONFIG_DATA 0xcfc
#define IVSHMEM UINT32_C(0x11101af4)
#define COMMAND 0x04
#define COMMAND_MEMORY 2u
#define BAR2 0x18
#define BAR2_HIGH 0x1c
#define FREE_ADDRESS UINT32_C(0x80000000) /* above the memory, below the APICs, a multiple of the largest region */

static uint32_t config_read(uint32_t device, uint32_t offset)
{
    out32(ADDRESS, UINT32_C(0x80000000) | device << 11 | offset);
    return in32(CONFIG_DATA);
}

static void config_write(uint32_t device, uint32_t offset, uint32_t value)
{
    out32(ADDRESS, UINT32_C(0x80000000) | device << 11 | offset);
    out32(CONFIG_DATA, value);
}

/* A BAR that is written with ones reads as ones where its address can be chosen. */
static uint32_t bar_length(uint32_t device)
{
    uint32_t command = config_read(device, COMMAND);
    uint32_t address = config_read(device, BAR2);
    config_write(device, COMMAND, command & ~COMMAND_MEMORY);
    config_write(device, BAR2, UINT32_C(0xffffffff));
    uint32_t mask = config_read(device, BAR2) & ~UINT32_C(0xf);
    config_write(device, BAR2, address);
    config_write(device, COMMAND, command | COMMAND_MEMORY);
    return 0 - mask;
}

const char *pci_find_region(struct bar *bar)
{
    for (uint32_t device = 0; device < 32; device++) {
        if (config_read(device, 0) != IVSHMEM)
            continue;
        if (config_read(device, BAR2_HIGH))
            return "the region's BAR lies above 4 GiB, out of a 32-bit guest's reach";
        if (!(config_read(device, BAR2) & ~UINT32_C(0xf)))
            config_write(device, BAR2, FREE_ADDRESS);
        bar->address = config_read(device, BAR2) & ~UINT32_C(0xf);
        bar->length = bar_length(device);
        return 0;
    }
    return "no ivshmem device (1af4:1110) on PCI bus 0: start QEMU with -object memory-backend-file and -device ivshmem-plain";
}
