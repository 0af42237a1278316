/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#include "guests.h"
#include "probe.h"

#define CODE 0x1000
#define VECTOR 0x40

extern const unsigned char probe_start16[], probe_wait16[], probe_handler16[], probe_end16[];
extern const unsigned char probe_start32[], probe_wait32[], probe_handler32[], probe_end32[];
extern const unsigned char probe_start64[], probe_wait64[], probe_handler64[], probe_atomic64[], probe_end64[];

struct guest {
    const unsigned char *start, *wait, *handler, *end;
    unsigned bytes;
    uint32_t value;
};

static struct guest guest_of(int bits)
{
    switch (bits) {
    case 16: return (struct guest){ probe_start16, probe_wait16, probe_handler16, probe_end16, 2, VALUE16 };
    case 32: return (struct guest){ probe_start32, probe_wait32, probe_handler32, probe_end32, 4, VALUE32 };
    default: return (struct guest){ probe_start64, probe_wait64, probe_handler64, probe_end64, 4, (uint32_t)(VALUE64 >> 32) };
    }
}

void probe_device(const char *device, int unused)
{
    (void)unused;
    int kvm = open(device, O_RDWR | O_CLOEXEC);
    if (kvm < 0)
        fail(device);
    int api = ioctl(kvm, KVM_GET_API_VERSION, 0);
    if (api < 0)
        fail("KVM_GET_API_VERSION");
    printf("api=%d\n", api);
    int vm = ioctl(kvm, KVM_CREATE_VM, 0);
    if (vm < 0)
        fail("KVM_CREATE_VM");
    const struct { const char *key; int capability; } capabilities[] = { { "immediate_exit", KVM_CAP_IMMEDIATE_EXIT },
        { "mp_state", KVM_CAP_MP_STATE }, { "halt_poll", KVM_CAP_HALT_POLL } };
    for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++)
        printf("%s=%s\n", capabilities[i].key, ioctl(vm, KVM_CHECK_EXTENSION, capabilities[i].capability) > 0 ? "yes" : "no");
    struct kvm_clock_data clock = { 0 };
    int is_stable = ioctl(vm, KVM_GET_CLOCK, &clock) == 0 && clock.flags & KVM_CLOCK_TSC_STABLE;
    printf("tsc_stable=%s\n", is_stable ? "yes" : "no");
    printf("irqchip=%s\n", ioctl(vm, KVM_CREATE_IRQCHIP, 0) == 0 ? "yes" : "no");
    answer("works");
}

static void run(const struct machine *machine)
{
    int result;
    do
        result = ioctl(machine->vcpu, KVM_RUN, 0);
    while (result < 0 && (errno == EINTR || errno == EAGAIN));
    if (result < 0)
        fail("KVM_RUN");
}

/* 1 if the guest ended with the OUT that it should. */
static int is_expected(const struct kvm_run *run, unsigned bytes, uint32_t wanted)
{
    uint32_t value = 0;
    switch (run->exit_reason) {
    case KVM_EXIT_IO:
        if (run->io.size <= sizeof value)
            memcpy(&value, (const char *)run + run->io.data_offset, run->io.size);
        if (run->io.port == PORT && run->io.size == bytes && value == wanted)
            return 1;
        answer("fails: OUT of %u bytes, value %#x, to port %#x; the guest wrote %u bytes, value %#x, to port %#x", run->io.size, value, run->io.port,
            bytes, wanted, PORT);
        return 0;
    case KVM_EXIT_SHUTDOWN: answer("fails: exit SHUTDOWN (triple fault)"); return 0;
    case KVM_EXIT_HLT: answer("fails: exit HLT"); return 0;
    case KVM_EXIT_FAIL_ENTRY:
        answer("fails: exit FAIL_ENTRY, hardware reason %#llx", (unsigned long long)run->fail_entry.hardware_entry_failure_reason);
        return 0;
    case KVM_EXIT_INTERNAL_ERROR:
        answer("fails: exit INTERNAL_ERROR, suberror %u%s", run->internal.suberror,
            run->internal.suberror == KVM_INTERNAL_ERROR_EMULATION ? " (KVM emulates, and does not know the instruction)" : "");
        return 0;
    default: answer("fails: exit reason %u", run->exit_reason); return 0;
    }
}

static double now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void prepare(struct machine *machine, const char *device, int bits, const struct guest *guest, const unsigned char *entry)
{
    open_machine(machine, device);
    memcpy(machine->memory + CODE, guest->start, (size_t)(guest->end - guest->start));
    enter_mode(machine, bits, (uint16_t)(CODE + (entry - guest->start)));
}

void probe_mode(const char *device, int bits)
{
    struct guest guest = guest_of(bits);
    struct machine machine;
    prepare(&machine, device, bits, &guest, guest.start);
    double before = now_ns();
    run(&machine);
    double after = now_ns();
    if (!is_expected(machine.run, guest.bytes, guest.value))
        return;
    answer("works");
    if (bits == 64)
        printf("instruction_ns=%.2f\n", (after - before) / (2.0 * ITERATIONS));
}

void probe_interrupt(const char *device, int bits)
{
    struct guest guest = guest_of(bits);
    struct machine machine;
    prepare(&machine, device, bits, &guest, guest.wait);
    set_handler(&machine, bits, VECTOR, (uint16_t)(CODE + (guest.handler - guest.start)));
    struct kvm_interrupt interrupt = { .irq = VECTOR };
    if (ioctl(machine.vcpu, KVM_INTERRUPT, &interrupt) < 0)
        fail("KVM_INTERRUPT");
    run(&machine);
    if (is_expected(machine.run, 2, HANDLED))
        answer("works");
}

void probe_atomic(const char *device, int bits)
{
    struct guest guest = guest_of(bits);
    struct machine machine;
    prepare(&machine, device, bits, &guest, probe_atomic64);
    run(&machine);
    if (is_expected(machine.run, 2, HANDLED))
        answer("works");
}
