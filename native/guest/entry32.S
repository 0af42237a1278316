/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-guest-multiboot.elf: QEMU's -kernel loads it by its multiboot header (Multiboot Specification 0.6.96, section 3.1) and
 * enters in 32-bit protected mode without paging.
 */
    .section .multiboot, "a"
    .balign 4
    .long 0x1badb002, 0, -0x1badb002

    .text
    .globl start32
    .code32
start32:
    cli
    lgdt gdt_where
    ljmp $0x08, $1f
1:  movw $0x10, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movl $first_stack, %esp
    cld
    call guest_main
2:  cli
    hlt
    jmp 2b

second32:
    movw $0x10, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movl $second_stack, %esp
    call second_cpu_main
3:  cli
    hlt
    jmp 3b

    .data
    .balign 8
gdt:
    .quad 0
    .quad 0x00cf9a000000ffff        /* code, base 0, 4 GiB */
    .quad 0x00cf92000000ffff        /* data */
gdt_where:
    .word . - gdt - 1
    .long gdt

/* Copied to 0x1000, where the second CPU starts in real mode. */
    .globl second_cpu_code, second_cpu_code_end
    .code16
second_cpu_code:
    cli
    lgdtl %cs:second_gdt_where - second_cpu_code
    movl %cr0, %eax
    orb $1, %al
    movl %eax, %cr0
    ljmpl $0x08, $second32
second_gdt_where:
    .word 23
    .long gdt
second_cpu_code_end:

    .bss
    .balign 16
    .skip 16384
first_stack:
    .skip 16384
second_stack:

    .section .note.GNU-stack, "", @progbits
