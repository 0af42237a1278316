/* SPDX-License-Identifier: MIT
 *
 * The one region of this process: opened late, when KVM makes the first vCPU, because then it is known whether KVM has the local
 * APICs, and because a process that never gets there is none of our business.
 */
#define _GNU_SOURCE
#include "service.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "settings.h"
#include "wakeup.h"

static struct {
    struct vm *vm;
    struct vmrpc_shim *shim; /* stored last */
    uint32_t park_mode;
} service;
static pthread_mutex_t attaching = PTHREAD_MUTEX_INITIALIZER;

void vmrpc_say(const char *format, ...)
{
    char line[800];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    fprintf(stderr, "vmrpc: %s\n", line);
}

static void log_line(void *context, const char *line)
{
    (void)context;
    vmrpc_say("%s", line);
}

static int futex_is_forbidden(void)
{
    uint32_t word = 0;
    return syscall(SYS_futex, &word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0) < 0;
}

/* What parking needs and does not have; NONE: park as `mode` says. */
static enum vmrpc_refusal choose(const struct vm *vm, enum park_choice choice, enum vmrpc_park_mode *mode)
{
    int failed = 0;
    *mode = choice == PARK_FUTEX || (choice == PARK_AUTO && !vm->lapic) ? VMRPC_PARK_FUTEX : VMRPC_PARK_HALTED;
    if (futex_is_forbidden()) {
        vmrpc_say("futex is forbidden in this process (%s): allow it in the seccomp filter; vCPUs do not park", strerror(errno));
        return VMRPC_REFUSAL_SECCOMP;
    }
    if (*mode == VMRPC_PARK_HALTED && !vm->lapic) {
        vmrpc_say("VMRPC_PARK=halted, but KVM has no local APICs of this VM: leave out kernel-irqchip=off, or give VMRPC_PARK=futex; vCPUs do not park");
        return VMRPC_REFUSAL_NO_IRQCHIP;
    }
    if (*mode == VMRPC_PARK_HALTED && (failed = vmrpc_wakeup_install()) != 0) {
        if (choice == PARK_HALTED) {
            vmrpc_say("%s: allow it in the seccomp filter, or give VMRPC_PARK=futex; vCPUs do not park", vmrpc_wakeup_failure(failed));
            return VMRPC_REFUSAL_SECCOMP;
        }
        vmrpc_say("%s: parking in a futex instead", vmrpc_wakeup_failure(failed));
        *mode = VMRPC_PARK_FUTEX;
    }
    return VMRPC_REFUSAL_NONE;
}

static void describe(const struct vm *vm, enum vmrpc_park_mode mode, int64_t slice_ns)
{
    if (mode == VMRPC_PARK_HALTED)
        vmrpc_say("park mode HALTED: interrupts and QEMU's kicks end parks");
    else if (vm->lapic)
        vmrpc_say("park mode FUTEX: QEMU's kicks end parks; interrupts wait for the end of a slice of %lld us", (long long)(slice_ns / 1000));
    else
        vmrpc_say("park mode FUTEX: QEMU's kicks end parks, and all interrupts come by kicks");
}

static void open_region(struct vm *vm)
{
    struct settings settings;
    char error[600];
    enum vmrpc_park_mode mode;
    if (vmrpc_settings_read(&settings, error, sizeof error) != 0) {
        vmrpc_say("%s; vCPUs do not park", error);
        return;
    }
    if (!settings.region) {
        vmrpc_say("VMRPC_REGION is not set: vCPUs do not park");
        return;
    }
    enum vmrpc_refusal refusal = choose(vm, settings.park, &mode);
    struct vmrpc_shim_config config = {
        .region = settings.region,
        .socket = settings.socket,
        .kind = VMRPC_SHIM_QEMU_KVM,
        .instruction = VMRPC_INSTRUCTION_OUT,
        .kick_mode = mode == VMRPC_PARK_FUTEX && vm->lapic ? VMRPC_KICK_SLICES : VMRPC_KICK_HOOK,
        .park_mode = mode,
        .slice_ns = settings.slice_ns,
        .log = log_line,
    };
    struct vmrpc_shim *shim = vmrpc_shim_open(&config, error, sizeof error);
    if (!shim) {
        vmrpc_say("%s; vCPUs do not park", error);
        return;
    }
    if (refusal)
        vmrpc_shim_refuse(shim, refusal);
    else
        describe(vm, mode, settings.slice_ns);
    __atomic_store_n(&service.park_mode, (uint32_t)mode, __ATOMIC_RELAXED);
    __atomic_store_n(&service.shim, shim, __ATOMIC_RELEASE);
}

void vmrpc_service_attach(struct vm *vm)
{
    static int said;
    pthread_mutex_lock(&attaching);
    if (!service.vm) {
        service.vm = vm;
        open_region(vm);
    } else if (service.vm != vm && !said) {
        said = 1;
        vmrpc_say("this process has another VM already, which has the region: vCPUs of the second do not park");
    }
    pthread_mutex_unlock(&attaching);
}

struct vmrpc_shim *vmrpc_service_of(const struct vm *vm)
{
    struct vmrpc_shim *shim = __atomic_load_n(&service.shim, __ATOMIC_ACQUIRE);
    return shim && service.vm == vm ? shim : NULL;
}

enum vmrpc_park_mode vmrpc_service_park_mode(void) { return (enum vmrpc_park_mode)__atomic_load_n(&service.park_mode, __ATOMIC_RELAXED); }

void vmrpc_service_stop_halting(const char *why)
{
    uint32_t before = __atomic_exchange_n(&service.park_mode, (uint32_t)VMRPC_PARK_FUTEX, __ATOMIC_RELAXED);
    if (before == VMRPC_PARK_FUTEX)
        return;
    vmrpc_shim_fall_back_to_slices(service.shim);
    vmrpc_say("%s: parking in a futex, in slices, from now on", why);
}
