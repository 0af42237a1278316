/* SPDX-License-Identifier: Apache-2.0
 *
 * What the vector table points to. A timer's stub reads the time stamp before all else: where KVM emulates, the way into C takes
 * longer than the interrupt.
 */
#ifdef REAL_MODE
    .code16gcc
    .macro return_from_interrupt
    iretw
    .endm
#else
    .code32
/* What iretl does within one privilege level. KVM's emulator delivers interrupts in protected mode, but does not know iretl there. */
    .macro return_from_interrupt
    pushl 8(%esp)
    popfl
    lretl $4
    .endm
#endif

    .text
    .globl pit_stub, lapic_stub, spurious_stub, exception_stub

    .macro timer_stub handler
    pushl %eax
    pushl %edx
    rdtsc
    movl %eax, irq_times + 4
    movl %edx, irq_times + 8
    pushl %ecx
    cld
    calll \handler
    popl %ecx
    popl %edx
    popl %eax
    return_from_interrupt
    .endm

pit_stub:
    timer_stub pit_handle

lapic_stub:
    timer_stub lapic_handle

spurious_stub:
    return_from_interrupt

exception_stub:
    calll exception_handle

    .section .note.GNU-stack, "", @progbits
