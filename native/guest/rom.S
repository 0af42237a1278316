/* SPDX-License-Identifier: Apache-2.0
 *
 * The last 512 bytes of vmrpc-guest-rom.bin, which QEMU takes in place of its BIOS (-bios). The machine starts in this file: where KVM
 * interprets the guest, SeaBIOS alone takes ten seconds, and this a tenth of one. It copies what the boot sector would load.
 *
 *   0xe0000  the guest as it stands at 0x8000    0xffe00  this code    0xffff0  where the CPU begins
 */
    .code16
    .text
    .globl reset
reset:
    cli
    cld
    movw $0xe000, %ax
    movw %ax, %ds
    movw $0x0800, %ax
    movw %ax, %es
    xorw %si, %si
    xorw %di, %di
    movw $0x4000, %cx               /* 64 KiB */
    rep movsl
    movw $0xf000, %ax
    movw %ax, %ds
    movw $0x1800, %ax
    movw %ax, %es
    movw $0x2000, %cx               /* and 32 KiB, up to 0x20000: si and di are 0 again */
    rep movsl
    ljmp $0x1000, $0                /* start16 */

    .org 0x1f0
    ljmp $0xf000, $0xfe00           /* reset */
    .org 0x200

    .section .note.GNU-stack, "", @progbits
