/* SPDX-License-Identifier: Apache-2.0
 *
 * The first sector of vmrpc-guest-boot.img. The BIOS loads it to 0x7c00 in real mode; it loads the rest to 0x8000 by int 13h
 * and starts the guest. No BIOS call comes after that: the BIOS shrinks segments, and the guest takes the interrupt
 * controller over.
 */
    .code16
    .section .boot, "ax"
    .globl boot
boot:
    ljmp $0, $1f
1:  cli
    cld
    xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw $0x7c00, %sp
    sti
    movw $__load_blocks, %bp        /* each of 32 sectors: none crosses a 64 KiB boundary */
2:  movw $packet, %si
    movb $0x42, %ah                 /* extended read; dl is the drive since the BIOS jumped here */
    int $0x13
    jc failed
    addl $32, packet_lba
    addw $32 * 512 / 16, packet_segment
    decw %bp
    jnz 2b
    ljmp $0x1000, $start16

failed:
    movw $message, %si
3:  lodsb
    testb %al, %al
    jz 4f
    outb %al, $0xe9
    jmp 3b
4:  cli
    hlt
    jmp 4b

message:
    .asciz "end failed the boot sector cannot read the disk\n"
    .balign 4
packet:
    .byte 16, 0
    .word 32                        /* sectors */
    .word 0                         /* offset */
packet_segment:
    .word 0x800
packet_lba:
    .long 2, 0                      /* sector 1 is a gap, so that what is loaded begins at 0x8000 */

    .org 510
    .word 0xaa55

    .section .note.GNU-stack, "", @progbits
