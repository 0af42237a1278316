/* SPDX-License-Identifier: Apache-2.0
 *
 * Real mode with data segments of 4 GiB ("unreal mode"): a selector loaded in protected mode keeps its limit when the CPU goes back
 * to real mode. C compiled with -m16 then reaches BAR 2 and the local APIC by 32-bit pointers, and interrupts use the
 * real-mode vector table.
 *
 *   0x00000  vector table and BIOS data         0x08000  variables (segment 0: gcc addresses them by 16 bits)
 *   0x01000  page where the second CPU starts    0x10000  code (segment 0x1000)
 *   0x02000  its stack, downwards from 0x4000    0x200000 samples, payload (memory.h)
 *   0x04000  stack, downwards from 0x7c00
 */
    .code16
    .section .text.entry, "ax"
    .globl start16
start16:
    cli
    xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %ss
    movl $0x7c00, %esp
    call enlarge
    movl $__bss_start, %edi
    movl $__bss_words, %ecx
    xorl %eax, %eax
    cld
    rep stosl
    calll guest_main
1:  cli
    hlt
    jmp 1b

enlarge:
    lgdtl flat_gdt
    movl %cr0, %eax
    orb $1, %al
    movl %eax, %cr0
    movw $8, %bx
    movw %bx, %ds
    movw %bx, %es
    movw %bx, %ss
    andb $0xfe, %al
    movl %eax, %cr0
    xorw %bx, %bx
    movw %bx, %ds
    movw %bx, %es
    movw %bx, %ss
    ret

second16:
    xorw %ax, %ax
    movw %ax, %ds
    call enlarge
    movl $0x4000, %esp
    calll second_cpu_main
2:  cli
    hlt
    jmp 2b

    .data
    .balign 8
gdt:
    .quad 0
    .quad 0x008f92000000ffff        /* data, base 0, 4 GiB, 16-bit stack */
flat_gdt:
    .word . - gdt - 1
    .long gdt

/* Copied to the page where the second CPU starts. */
    .globl second_cpu_code, second_cpu_code_end
second_cpu_code:
    cli
    xorw %ax, %ax
    movw %ax, %ss
    movw $0x4000, %sp
    ljmp $0x1000, $second16
second_cpu_code_end:

    .section .note.GNU-stack, "", @progbits
