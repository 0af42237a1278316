/* SPDX-License-Identifier: MIT
 *
 * The shim for QEMU's TCG: a plugin that finds the hypercall NOPs in guest code and parks the vCPU's thread in their callback.
 *
 *   LD_PRELOAD=.../libvmrpc-qemu-tcg.so qemu-system-x86_64 -accel tcg,thread=multi \
 *       -plugin file=.../libvmrpc-qemu-tcg.so,region=PATH[,socket=PATH][,slice-us=N] ...
 *
 * The preload lets QEMU's kicks end a park (kick_hook.c); without it parks are sliced. The callback holds no QEMU lock.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kick_hook.h"
#include "qemu_plugin_v1.h"
#include "slice.h"
#include "vmrpc_shim.h"

#define EXPORT __attribute__((visibility("default")))

EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

static struct vmrpc_shim *shim;
static pthread_t thread_of[VMRPC_MAX_SLOTS]; /* 0: vCPU not met yet; each written by its own thread */

static void say(void *context, const char *line)
{
    (void)context;
    fprintf(stderr, "vmrpc: %s\n", line);
}

/* With -accel tcg,thread=single, or -icount, one thread runs all vCPUs in turn, and one park would stop them all. */
static int runs_other_vcpus(unsigned vcpu, pthread_t self)
{
    for (unsigned i = 0; i < VMRPC_MAX_SLOTS; i++)
        if (i != vcpu && __atomic_load_n(&thread_of[i], __ATOMIC_RELAXED) == self)
            return 1;
    return 0;
}

static void refuse_single_thread(void)
{
    static int said;
    if (__atomic_exchange_n(&said, 1, __ATOMIC_RELAXED))
        return;
    vmrpc_shim_refuse(shim, VMRPC_REFUSAL_SINGLE_THREADED_TCG);
    say(NULL, "one thread runs all vCPUs, so nothing can be parked: start QEMU with -accel tcg,thread=multi and without -icount");
}

static void lose_hook(unsigned vcpu)
{
    if (vmrpc_shim_kick_mode(shim) == VMRPC_KICK_SLICES)
        return;
    vmrpc_shim_fall_back_to_slices(shim);
    fprintf(stderr, "vmrpc: halt_cond of vCPU %u is unknown, so kicks cannot be seen: parking in slices\n", vcpu);
}

/* On the vCPU's thread. Cheap when nothing has changed, which is all but the first time. */
static void meet(unsigned vcpu)
{
    pthread_t self = pthread_self();
    if (vcpu >= vmrpc_shim_slots(shim) || thread_of[vcpu] == self)
        return;
    if (runs_other_vcpus(vcpu, self)) {
        refuse_single_thread();
        return;
    }
    __atomic_store_n(&thread_of[vcpu], self, __ATOMIC_RELAXED);
    if (vmrpc_shim_kick_mode(shim) == VMRPC_KICK_HOOK && vmrpc_kick_hook_bind(shim, vcpu) != 0)
        lose_hook(vcpu);
}

static void on_park(unsigned vcpu, void *unused)
{
    (void)unused;
    meet(vcpu);
    vmrpc_shim_park(shim, vcpu);
}

static void on_doorbell(unsigned vcpu, void *unused)
{
    (void)vcpu;
    (void)unused;
    vmrpc_shim_doorbell(shim);
}

static void on_cpuid(unsigned vcpu, void *unused)
{
    (void)unused;
    meet(vcpu);
}

/* Its thread ends, and the next vCPU's thread may get the same pthread_t. */
static void on_vcpu_exit(qemu_plugin_id_t id, unsigned vcpu)
{
    (void)id;
    if (vcpu < VMRPC_MAX_SLOTS)
        __atomic_store_n(&thread_of[vcpu], (pthread_t)0, __ATOMIC_RELAXED);
}

/* Every x86 kernel executes cpuid on each CPU that it brings up, and seldom later: so every vCPU's thread is met, and a
 * single-threaded TCG refused, before the first park. */
static const struct {
    const char *bytes;
    size_t length;
    qemu_plugin_vcpu_udata_cb_t callback;
} watched[] = {
    {"\x3e\x3e\x3e\x90", 4, on_park},
    {"\x3e\x3e\x3e\x3e\x90", 5, on_doorbell},
    {"\x0f\xa2", 2, on_cpuid},
};

static void on_translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
    (void)id;
    size_t n = qemu_plugin_tb_n_insns(tb);
    for (size_t i = 0; i < n; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        size_t length = qemu_plugin_insn_size(insn);
        if (length != 2 && length != 4 && length != 5)
            continue;
        const void *bytes = qemu_plugin_insn_data(insn);
        for (size_t w = 0; w < sizeof watched / sizeof *watched; w++)
            if (length == watched[w].length && memcmp(bytes, watched[w].bytes, length) == 0)
                qemu_plugin_register_vcpu_insn_exec_cb(insn, watched[w].callback, QEMU_PLUGIN_CB_NO_REGS, NULL);
    }
}

/* 0, or -1 after saying what is wrong. */
static int parse(int argc, char **argv, struct vmrpc_shim_config *config)
{
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], "region=", 7) == 0) {
            config->region = argv[i] + 7;
        } else if (strncmp(argv[i], "socket=", 7) == 0) {
            config->socket = argv[i] + 7;
        } else if (strncmp(argv[i], "slice-us=", 9) != 0) {
            fprintf(stderr, "vmrpc: unknown plugin option '%s': region=PATH, socket=PATH and slice-us=N are known\n", argv[i]);
            return -1;
        } else if (vmrpc_slice_parse(argv[i] + 9, &config->slice_ns) != 0) {
            fprintf(stderr, "vmrpc: plugin option '%s': give 10 to 1000000 microseconds\n", argv[i]);
            return -1;
        }
    }
    if (config->region)
        return 0;
    say(NULL, "plugin option region is missing: -plugin file=...,region=PATH");
    return -1;
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
    if (shim || !info->system_emulation || (strcmp(info->target_name, "x86_64") != 0 && strcmp(info->target_name, "i386") != 0)) {
        say(NULL, shim ? "this plugin serves one region per QEMU: give -plugin once" : "this plugin is for qemu-system-x86_64 and qemu-system-i386");
        return -1;
    }
    int hooked = vmrpc_kick_hook_in_force();
    struct vmrpc_shim_config config = {
        .kind = VMRPC_SHIM_QEMU_TCG,
        .instruction = VMRPC_INSTRUCTION_NOP,
        .kick_mode = hooked ? VMRPC_KICK_HOOK : VMRPC_KICK_SLICES,
        .slots = info->system.max_vcpus > 0 ? (unsigned)info->system.max_vcpus : 0,
        .slice_ns = 1000000,
        .log = say,
    };
    char error[600];
    if (parse(argc, argv, &config) != 0)
        return -1;
    shim = vmrpc_shim_open(&config, error, sizeof error);
    if (!shim) {
        say(NULL, error);
        return -1;
    }
    if (hooked)
        say(NULL, "kick mode HOOK: QEMU's kicks end parks");
    else
        fprintf(stderr, "vmrpc: kick mode SLICES: parks last %lld us at most; preload this library for kicks to end them\n",
                (long long)(config.slice_ns / 1000));
    qemu_plugin_register_vcpu_exit_cb(id, on_vcpu_exit);
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
    return 0;
}
