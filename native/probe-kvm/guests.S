/* SPDX-License-Identifier: Apache-2.0
 *
 * Three tiny guests, one for each mode, copied as they are to the guest's memory. Each has three entries:
 *   start    runs ITERATIONS times two instructions, then writes a number to PORT that only its own mode decodes whole
 *   wait     does nothing for ever: an interrupt must come
 *   handler  of that interrupt: writes another number
 * and the 64-bit one a fourth:
 *   atomic   exchanges 16 bytes, as 64-bit kernels do; KVM's instruction emulator lacks that, so it needs a processor
 */
#include "guests.h"

    .section .rodata

    .code16
    .globl probe_start16, probe_wait16, probe_handler16, probe_end16
probe_start16:
    mov $VALUE16, %ax
    mov $PORT, %dx
    out %ax, (%dx)
    hlt
probe_wait16:
    jmp probe_wait16
probe_handler16:
    mov $HANDLED, %ax
    mov $PORT, %dx
    out %ax, (%dx)
    hlt
probe_end16:

    .code32
    .globl probe_start32, probe_wait32, probe_handler32, probe_end32
probe_start32:
    mov $VALUE32, %eax
    mov $PORT, %edx
    out %eax, (%dx)
    hlt
probe_wait32:
    jmp probe_wait32
probe_handler32:
    mov $HANDLED, %ax
    mov $PORT, %edx
    out %ax, (%dx)
    hlt
probe_end32:

    .code64
    .globl probe_start64, probe_wait64, probe_handler64, probe_atomic64, probe_end64
probe_start64:
    mov $ITERATIONS, %ecx
1:  dec %ecx
    jnz 1b
    movabs $VALUE64, %rax
    shr $32, %rax
    mov $PORT, %edx
    out %eax, (%dx)
    hlt
probe_wait64:
    jmp probe_wait64
probe_handler64:
    mov $HANDLED, %ax
    mov $PORT, %edx
    out %ax, (%dx)
    hlt
probe_atomic64:
    mov $SCRATCH, %edi
    xor %eax, %eax
    xor %edx, %edx
    lock cmpxchg16b (%rdi)
    mov $HANDLED, %ax
    mov $PORT, %edx
    out %ax, (%dx)
    hlt
probe_end64:

    .section .note.GNU-stack, "", @progbits
