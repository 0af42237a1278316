/* SPDX-License-Identifier: Apache-2.0
 *
 * What the vector table points to. A timer's stub reads the time stamp before all else: where KVM emulates, the way into C takes
 * longer than the interrupt.
 */
#ifdef REAL_MODE
    .code16gcc
#define IRET iretw
#else
    .code32
#define IRET iretl
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
    IRET
    .endm

pit_stub:
    timer_stub pit_handle

lapic_stub:
    timer_stub lapic_handle

spurious_stub:
    IRET

exception_stub:
    calll exception_handle

    .section .note.GNU-stack, "", @progbits
