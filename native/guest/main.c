/* SPDX-License-Identifier: Apache-2.0
 *
 * VMRPC's freestanding guest: a client of docs/protocol.md without operating system or libc, the second implementation of the
 * protocol beside the Java one. It runs under stock QEMU with TCG or KVM, also where KVM has no hardware virtualisation under
 * it and emulates 16- and 32-bit code instruction by instruction.
 *
 *   to read first   park.c (G1 to G8), session.c (hello, doorbell, loss), ring.c, channel.c, clock.c, timer.c
 *   machine         cpu.h, pci.c, irq.c, lapic.h, smp.c, fw_cfg.c, console.c
 *   jobs            job.c, and job_*.c for what tests and benchmarks ask of it
 *
 * One set of sources, three images. vmrpc-guest-boot.img (-m16; boot_sector.S, entry16.S, vectors16.c): real mode with 4 GiB data segments.
 * vmrpc-guest-rom.bin: the same in place of the BIOS (rom.S), which saves ten seconds where KVM emulates.
 * vmrpc-guest-multiboot.elf (-m32; entry32.S, vectors32.c): protected mode without paging.
 *
 *   qemu-system-x86_64 -accel tcg,thread=multi -plugin file=libvmrpc-qemu-tcg.so,region=PATH -m 64 -nodefaults -display none \
 *       -object memory-backend-file,id=vmrpc,share=on,mem-path=PATH,size=SIZE -device ivshmem-plain,memdev=vmrpc \
 *       -drive file=vmrpc-guest-boot.img,format=raw,if=ide -debugcon stdio -device isa-debug-exit \
 *       -fw_cfg name=opt/vmrpc/job,string='calls count=10; timers count=100 period_ns=2000000'
 */
#include "console.h"
#include "fw_cfg.h"
#include "irq.h"
#include "job.h"

void guest_main(void);

static struct guest guest;
static char text[1024];

static void describe(const struct region *region)
{
    volatile struct vmrpc_shim_line *shim = &region->header->shim;
    print("region slots=%u channels=%u ring=%u payload=%u\n", region->slot_count, region->channel_count, region->ring_capacity,
          region->payload_capacity);
    print("shim kind=%u instruction=%u park_mode=%u kick_mode=%u slots_served=%u slice_ns=%U refusal=%u\n", shim->shim_kind, shim->instruction,
          shim->park_mode, shim->kick_mode, shim->slots_served, (uint64_t)shim->slice_ns, shim->refusal);
}

static const char *set_up(void)
{
    struct bar bar;
    const char *problem = pci_find_region(&bar);
    if (!problem)
        problem = region_open(&guest.region, &bar);
    if (problem)
        return problem;
    describe(&guest.region);
    vcpu_bind(&guest.vcpu, &guest.region, 0);
    if (!vcpu_calibrate(&guest.vcpu))
        return "no shim parks this vCPU: preload VMRPC's library into QEMU";
    print("clock ns_per_1000_ticks=%U error_ns=%D\n", clock_ns(&guest.vcpu.clock, 1000), clock_error_ns(&guest.vcpu.clock));
    return 0;
}

void guest_main(void)
{
    print("guest image=%s\n", IMAGE);
    irq_begin();
    const char *problem = set_up();
    if (!problem && fw_cfg_read("opt/vmrpc/job", text, sizeof text) < 0)
        problem = "there is no job: give -fw_cfg name=opt/vmrpc/job,string=JOBS";
    if (!problem)
        problem = jobs_run(&guest, text);
    if (guest.has_session)
        session_close(&guest.session, &guest.vcpu);
    end_guest(problem ? "failed" : "ok", problem ? problem : "");
}
