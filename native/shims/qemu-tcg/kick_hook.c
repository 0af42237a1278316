/* SPDX-License-Identifier: MIT
 *
 * Seeing QEMU's kicks. Every qemu_cpu_kick of a TCG vCPU broadcasts that vCPU's halt_cond; LD_PRELOAD puts this library in front
 * of pthread_cond_broadcast. Which condition variable is a vCPU's halt_cond is learned from its own thread: a vCPU starts
 * stopped, so its thread's first pthread_cond_wait is on halt_cond.
 *
 * A kick is passed on twice: at the broadcast, and when the kicker next releases a lock. QEMU sets exit_request only after the
 * broadcast, so a vCPU that we wake at once may be back in its next park before there is anything to exit for (the rule when
 * it outranks the kicker on a busy CPU). Most kickers hold a lock, the BQL above all, which the vCPU needs to do what it was kicked
 * for: their unlock comes soon and after exit_request. For the others the park core's settling is the remedy.
 *
 * The versioned symbols are interposed (plugin.map), because an unversioned dlsym may answer the old GLIBC_2.2.5 condition variables.
 */
#define _GNU_SOURCE
#include "kick_hook.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>

#include "preload.h"
#include "qemu_plugin_v1.h"

#define EXPORT __attribute__((visibility("default")))
#define GLIBC_COND "GLIBC_2.3.2"

typedef int cond_broadcast(pthread_cond_t *);
typedef int cond_wait(pthread_cond_t *, pthread_mutex_t *);
typedef int mutex_unlock(pthread_mutex_t *);

/* libc's own functions, once looked up. */
static void *real_broadcast, *real_wait, *real_unlock;

/* NULL until this thread's first wait. */
static __thread pthread_cond_t *first_waited;

/* A bit for each slot that this thread has kicked since it last released a lock. Slots from 64 on are left to settling. */
static __thread uint64_t to_repeat;

/* Open addressing, filled once per vCPU thread, never emptied: a stale entry costs a spurious kick. Half of it stays empty, so
 * the look-up of a foreign condition variable (most broadcasts) ends after a probe or two. */
#define KICK_TABLE 1024u
static struct {
    pthread_cond_t *cond; /* stored last */
    unsigned slot;
} table[KICK_TABLE];
static unsigned entries;
static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER; /* of binders; look-ups take none */
static struct vmrpc_shim *kicked_shim;

static unsigned first_probe(const pthread_cond_t *cond)
{
    /* Fibonacci hashing of the address; the low 4 bits of a malloc'ed one are equal. */
    return (unsigned)(((uintptr_t)cond >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 54) % KICK_TABLE;
}

/* The entry of `cond`, or the empty one where it belongs. */
static unsigned entry_of(const pthread_cond_t *cond, pthread_cond_t **found)
{
    unsigned i = first_probe(cond);
    while ((*found = __atomic_load_n(&table[i].cond, __ATOMIC_ACQUIRE)) != NULL && *found != cond)
        i = (i + 1) % KICK_TABLE;
    return i;
}

/* Not only in the constructor: other libraries' constructors may run, and broadcast, before ours. */
static void *real(void **cache, const char *name, const char *version)
{
    void *function = __atomic_load_n(cache, __ATOMIC_RELAXED);
    if (!function) {
        function = dlvsym(RTLD_NEXT, name, version);
        if (!function)
            abort(); /* a libc without the symbol that its own header declares */
        __atomic_store_n(cache, function, __ATOMIC_RELAXED);
    }
    return function;
}

EXPORT int pthread_cond_broadcast(pthread_cond_t *cond)
{
    struct vmrpc_shim *shim = __atomic_load_n(&kicked_shim, __ATOMIC_ACQUIRE);
    if (shim) {
        pthread_cond_t *found;
        unsigned i = entry_of(cond, &found);
        if (found) {
            vmrpc_shim_kick(shim, table[i].slot);
            if (table[i].slot < 64)
                to_repeat |= UINT64_C(1) << table[i].slot;
        }
    }
    return ((cond_broadcast *)real(&real_broadcast, "pthread_cond_broadcast", GLIBC_COND))(cond);
}

static void repeat_kicks(void)
{
    for (unsigned slot = 0; to_repeat; slot++, to_repeat >>= 1)
        if (to_repeat & 1)
            vmrpc_shim_kick(kicked_shim, slot);
}

EXPORT int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    int answer = ((mutex_unlock *)real(&real_unlock, "pthread_mutex_unlock", "GLIBC_2.2.5"))(mutex);
    if (to_repeat)
        repeat_kicks();
    return answer;
}

EXPORT int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
    if (!first_waited)
        first_waited = cond;
    if (to_repeat)
        repeat_kicks();
    return ((cond_wait *)real(&real_wait, "pthread_cond_wait", GLIBC_COND))(cond, mutex);
}

/* Whose function do QEMU's calls reach? Asked by address of the library: in one that was not preloaded, even our own use of the
 * plain name means libc's. */
int vmrpc_kick_hook_in_force(void)
{
    Dl_info called, self;
    void *broadcast = dlsym(RTLD_DEFAULT, "pthread_cond_broadcast");
    return broadcast && dladdr(broadcast, &called) && dladdr(&table, &self) && called.dli_fbase == self.dli_fbase;
}

int vmrpc_kick_hook_bind(struct vmrpc_shim *shim, unsigned slot)
{
    pthread_cond_t *cond = first_waited, *found;
    if (!cond)
        return -1;
    pthread_mutex_lock(&table_lock);
    unsigned i = entry_of(cond, &found);
    int bound = found ? table[i].slot == slot : entries < KICK_TABLE / 2;
    if (bound && !found) {
        entries++;
        table[i].slot = slot;
        __atomic_store_n(&table[i].cond, cond, __ATOMIC_RELEASE);
    }
    __atomic_store_n(&kicked_shim, shim, __ATOMIC_RELEASE);
    pthread_mutex_unlock(&table_lock);
    /* A kick from before this point went unseen, and its exit_request may come yet: let the first park end, and settle. */
    vmrpc_shim_kick(shim, slot);
    return bound ? 0 : -1;
}

/* Only in QEMU itself, which is known by its functions. */
__attribute__((constructor)) static void leave_children_alone(void)
{
    if (qemu_plugin_register_vcpu_tb_trans_cb)
        vmrpc_preload_spare_children();
}
