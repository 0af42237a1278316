/* SPDX-License-Identifier: Apache-2.0 */
#include "fw_cfg.h"

#include "cpu.h"
#include "number.h"

#define SELECTOR 0x510
#define DATA 0x511
#define DIRECTORY 0x19

struct file {
    uint32_t size;
    uint32_t key;
    char name[56];
};

static void read_bytes(void *to, uint32_t count)
{
    uint8_t *byte = to;
    while (count--)
        *byte++ = in8(DATA);
}

static uint32_t read_big_endian(uint32_t bytes)
{
    uint32_t value = 0;
    while (bytes--)
        value = value << 8 | in8(DATA);
    return value;
}

static void read_entry(struct file *file)
{
    file->size = read_big_endian(4);
    file->key = read_big_endian(4) >> 16; /* the lower half is reserved */
    read_bytes(file->name, sizeof file->name);
    file->name[sizeof file->name - 1] = 0;
}

int32_t fw_cfg_read(const char *name, char *text, uint32_t size)
{
    out16(SELECTOR, DIRECTORY);
    for (uint32_t left = read_big_endian(4); left; left--) {
        struct file file;
        read_entry(&file);
        if (!same_text(file.name, name))
            continue;
        uint32_t length = file.size < size - 1 ? file.size : size - 1;
        out16(SELECTOR, (uint16_t)file.key);
        read_bytes(text, length);
        text[length] = 0;
        return (int32_t)length;
    }
    return -1;
}
