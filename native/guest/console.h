/* SPDX-License-Identifier: Apache-2.0
 *
 * Output by QEMU's debug console (-debugcon): port 0xe9.
 */
#ifndef GUEST_CONSOLE_H
#define GUEST_CONSOLE_H

#include <stdint.h>

/* %s text, %u uint32_t, %U uint64_t, %D int64_t, %x uint32_t in hex. Call it from one CPU at a time. */
void print(const char *format, ...);

/* Prints "end TEXT", which must be the guest's last line, and ends the VM if it has an isa-debug-exit device. */
void end_guest(const char *text, const char *reason) __attribute__((noreturn));

#endif
