/* SPDX-License-Identifier: Apache-2.0
 *
 * A machine of one vCPU, and what its registers and tables must hold to be in one of three modes.
 * Sources: Intel SDM volume 3A, chapters 3 (segments), 4 (paging), 6 (interrupts) and 9 (modes); KVM's api.rst for the calls.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "probe.h"

#define PAGE_MAP 0x2000ul /* and a table of each level below in the next pages */
#define INTERRUPTS 0x5000ul
#define SEGMENTS 0x6000ul
#define STACK 0xf000ul
#define CR0_PE 1ul
#define CR0_PG (1ul << 31)
#define CR4_PAE (1ul << 5)
#define EFER_LME (1ul << 8)
#define EFER_LMA (1ul << 10)
#define PAGE_PRESENT_WRITABLE 3ul
#define PAGE_LARGE (1ul << 7)
#define FLAGS_INTERRUPTS 0x202 /* bit 1 is always set */
#define CODE_SELECTOR 8
#define DATA_SELECTOR 16
#define INTERRUPT_GATE 0x8e

void open_machine(struct machine *machine, const char *device)
{
    machine->kvm = open(device, O_RDWR | O_CLOEXEC);
    if (machine->kvm < 0)
        fail(device);
    machine->vm = ioctl(machine->kvm, KVM_CREATE_VM, 0);
    if (machine->vm < 0)
        fail("KVM_CREATE_VM");
    ioctl(machine->vm, KVM_SET_TSS_ADDR, 0xfffbd000ul); /* Intel needs it for real mode, AMD does not know it */
    machine->memory = mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (machine->memory == MAP_FAILED)
        fail("mmap");
    struct kvm_userspace_memory_region memory = { .memory_size = MEMORY_SIZE, .userspace_addr = (uint64_t)(uintptr_t)machine->memory };
    if (ioctl(machine->vm, KVM_SET_USER_MEMORY_REGION, &memory) < 0)
        fail("KVM_SET_USER_MEMORY_REGION");
    machine->vcpu = ioctl(machine->vm, KVM_CREATE_VCPU, 0);
    if (machine->vcpu < 0)
        fail("KVM_CREATE_VCPU");
    int size = ioctl(machine->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
    if (size < (int)sizeof *machine->run)
        fail("KVM_GET_VCPU_MMAP_SIZE");
    machine->run = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, machine->vcpu, 0);
    if (machine->run == MAP_FAILED)
        fail("mmap of the vCPU");
}

static void flat(struct kvm_segment *segment, int is_code, int bits)
{
    *segment = (struct kvm_segment){ .limit = 0xffffffff, .selector = is_code ? CODE_SELECTOR : DATA_SELECTOR, .type = (uint8_t)(is_code ? 11 : 3),
        .present = 1, .s = 1, .g = 1, .db = (uint8_t)(bits == 32 || !is_code), .l = (uint8_t)(bits == 64 && is_code) };
}

/* Flat segments, in the registers and in the table from which an interrupt loads them again. */
static void protect(unsigned char *memory, struct kvm_sregs *registers, int bits)
{
    flat(&registers->cs, 1, bits);
    flat(&registers->ds, 0, bits);
    registers->es = registers->ss = registers->fs = registers->gs = registers->ds;
    registers->cr0 |= CR0_PE;
    const uint64_t descriptors[] = { 0, bits == 64 ? 0x00af9b000000ffff : 0x00cf9b000000ffff, 0x00cf93000000ffff };
    memcpy(memory + SEGMENTS, descriptors, sizeof descriptors);
    registers->gdt = (struct kvm_dtable){ .base = SEGMENTS, .limit = sizeof descriptors - 1 };
    registers->idt = (struct kvm_dtable){ .base = INTERRUPTS, .limit = 0xfff };
}

/* The first 2 MiB as one page, at its own address. */
static void map(unsigned char *memory, struct kvm_sregs *registers)
{
    const uint64_t entries[] = { (PAGE_MAP + 0x1000) | PAGE_PRESENT_WRITABLE, (PAGE_MAP + 0x2000) | PAGE_PRESENT_WRITABLE,
        PAGE_PRESENT_WRITABLE | PAGE_LARGE };
    for (unsigned level = 0; level < 3; level++)
        memcpy(memory + PAGE_MAP + level * 0x1000ul, &entries[level], sizeof entries[level]);
    registers->cr3 = PAGE_MAP;
    registers->cr4 |= CR4_PAE;
    registers->efer |= EFER_LME | EFER_LMA;
    registers->cr0 |= CR0_PG;
}

void enter_mode(const struct machine *machine, int bits, uint16_t address)
{
    struct kvm_sregs special;
    if (ioctl(machine->vcpu, KVM_GET_SREGS, &special) < 0)
        fail("KVM_GET_SREGS");
    special.cs.base = 0; /* a processor starts below 4 GiB, where we have no memory */
    special.cs.selector = 0;
    if (bits > 16)
        protect(machine->memory, &special, bits);
    if (bits == 64)
        map(machine->memory, &special);
    if (ioctl(machine->vcpu, KVM_SET_SREGS, &special) < 0)
        fail("KVM_SET_SREGS");
    struct kvm_regs registers = { .rip = address, .rsp = STACK, .rflags = FLAGS_INTERRUPTS };
    if (ioctl(machine->vcpu, KVM_SET_REGS, &registers) < 0)
        fail("KVM_SET_REGS");
}

void set_handler(const struct machine *machine, int bits, unsigned vector, uint16_t address)
{
    if (bits == 16) { /* offset and segment */
        const uint16_t entry[] = { address, 0 };
        memcpy(machine->memory + vector * sizeof entry, entry, sizeof entry);
        return;
    }
    const uint16_t gate[8] = { address, CODE_SELECTOR, INTERRUPT_GATE << 8 }; /* the address has no higher bits */
    size_t length = bits == 64 ? 16 : 8;
    memcpy(machine->memory + INTERRUPTS + vector * length, gate, length);
}
