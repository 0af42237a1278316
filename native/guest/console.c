/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>

#include "console.h"
#include "cpu.h"
#include "number.h"

#define DEBUG_CONSOLE 0xe9
#define DEBUG_EXIT 0x501

static char line[256];
static uint32_t used;

/* One exit for a line, and not one for each character. */
static void flush(void)
{
    const char *from = line;
    __asm__ volatile("rep outsb %%ds:(%%esi), %%dx" : "+S"(from), "+c"(used) : "d"(DEBUG_CONSOLE) : "memory");
    used = 0;
}

static void put(char c)
{
    line[used++] = c;
    if (c == '\n' || used == sizeof line)
        flush();
}

static void put_text(const char *text)
{
    while (*text)
        put(*text++);
}

static void put_number(uint64_t value, uint32_t base)
{
    char digits[20];
    int count = 0;
    do
        digits[count++] = "0123456789abcdef"[divide(&value, base)];
    while (value);
    while (count)
        put(digits[--count]);
}

static void put_signed(int64_t value)
{
    if (value < 0)
        put('-');
    put_number(value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10);
}

void print(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    for (; *format; format++) {
        if (*format != '%') {
            put(*format);
            continue;
        }
        switch (*++format) {
        case 's': put_text(va_arg(values, const char *)); break;
        case 'u': put_number(va_arg(values, uint32_t), 10); break;
        case 'U': put_number(va_arg(values, uint64_t), 10); break;
        case 'D': put_signed(va_arg(values, int64_t)); break;
        case 'x': put_number(va_arg(values, uint32_t), 16); break;
        default: put('%'); break;
        }
    }
    va_end(values);
}

void end_guest(const char *text, const char *reason)
{
    print("end %s%s%s\n", text, *reason ? " " : "", reason);
    out8(DEBUG_EXIT, 0);
    for (;;) {
        interrupts_off();
        __asm__ volatile("hlt");
    }
}
