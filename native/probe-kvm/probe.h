/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VMRPC_PROBE_H
#define VMRPC_PROBE_H

#include <stdint.h>

#define MEMORY_SIZE 0x10000ul

/* One vCPU and a little memory from address 0. Every step has a machine and a process of its own, which clean up at their end. */
struct machine {
    int kvm;
    int vm;
    int vcpu;
    struct kvm_run *run;
    unsigned char *memory;
};

/* Prints "STEP=fails: call: errno's text" and ends this process. */
void fail(const char *call) __attribute__((noreturn));
/* As a printf of the answer: "works" or "fails: ...". */
void answer(const char *format, ...) __attribute__((format(printf, 1, 2)));

void open_machine(struct machine *machine, const char *device);
/* Real (16), protected (32) or long mode (64), interrupts enabled, next instruction at `address`. */
void enter_mode(const struct machine *machine, int bits, uint16_t address);
void set_handler(const struct machine *machine, int bits, unsigned vector, uint16_t address);

/* Steps: what is there; instructions of a mode; an interrupt in that mode; what 64-bit kernels need besides. */
void probe_device(const char *device, int unused);
void probe_mode(const char *device, int bits);
void probe_interrupt(const char *device, int bits);
void probe_atomic(const char *device, int bits);

#endif
