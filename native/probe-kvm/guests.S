/* SPDX-License-Identifier: Apache-2.0
 *
 * Three tiny guests, one for each mode, copied as they are to the guest's memory. Each has three entries:
 *   start    runs ITERATIONS times two instructions, then writes a number to PORT that only its own mode decodes whole
 *   wait     loops until an interrupt has come and its handler has returned, then writes another number
 *   handler  of that interrupt: returns by IRET, which KVM's instruction emulator does not know in protected mode
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
    cmp $HANDLED, %ax
    jne probe_wait16
    mov $PORT, %dx
    out %ax, (%dx)
    hlt
probe_handler16:
    mov $HANDLED, %ax
    iret
probe_end16:

    .code32
    .globl probe_start32, probe_wait32, probe_handler32, probe_end32
probe_start32:
    mov $VALUE32, %eax
    mov $PORT, %edx
    out %eax, (%dx)
    hlt
probe_wait32:
    cmp $HANDLED, %ax
    jne probe_wait32
    mov $PORT, %edx
    out %ax, (%dx)
    hlt
probe_handler32:
    mov $HANDLED, %ax
    iret
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
    cmp $HANDLED, %ax
    jne probe_wait64
    mov $PORT, %edx
    out %ax, (%dx)
    hlt
probe_handler64:
    mov $HANDLED, %ax
    iretq
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
