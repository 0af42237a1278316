/* SPDX-License-Identifier: Apache-2.0
 *
 * The guest of the interposer's tests: real mode, no firmware. It does the port access that `job` names, then tells the VMM by
 * port 0x10, for ever, and counts its interrupts (IRQ 1).
 */
    .section .rodata
    .code16
    .globl vmm_guest, vmm_guest_end
vmm_guest:
    .set origin, vmm_guest
    cli
    xor %ax, %ax
    mov %ax, %ds
    mov %ax, %ss
    mov $0x4000, %sp
    movw $(interrupt - origin + 0x1000), 0x21 * 4
    movw $0, 0x21 * 4 + 2
    mov $0x11, %al      /* PIC: initialize, vectors from 0x20, IRQ 1 alone */
    out %al, $0x20
    mov $0x20, %al
    out %al, $0x21
    mov $4, %al
    out %al, $0x21
    mov $1, %al
    out %al, $0x21
    mov $0xfd, %al
    out %al, $0x21
    sti
again:
    mov $0x5652, %dx
    mov 0x504, %eax     /* GUEST_VALUE */
    mov 0x500, %bl      /* GUEST_JOB */
    cmp $1, %bl
    je word
    cmp $2, %bl
    je byte
    cmp $3, %bl
    je input
    out %eax, %dx
    cmp $4, %bl
    jne told
    hlt
    incw 0x50a          /* GUEST_HALTS */
    jmp told
word:
    out %ax, %dx
    jmp told
byte:
    out %al, %dx
    jmp told
input:
    in %dx, %eax
told:
    out %al, $0x10
    jmp again
interrupt:
    push %ax
    incw 0x508          /* GUEST_INTERRUPTS */
    mov $0x20, %al
    out %al, $0x20
    pop %ax
    iret
vmm_guest_end:
    .section .note.GNU-stack, "", @progbits
