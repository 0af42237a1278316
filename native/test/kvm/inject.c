/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kvm_check.h"

struct injection *injected;
uint32_t blind_waits;

static void lose_agent(struct injection *i)
{
    agent_die(i->agent);
    CHECK(await_word(&i->region->header->shim.link, VMRPC_LINK_DOWN));
    usleep(1000); /* the link's thread raises the alarms after that store */
}

static void flood(struct injection *i)
{
    sigset_t wake;
    sigemptyset(&wake);
    sigaddset(&wake, SIGRTMAX - 2);
    pthread_sigmask(SIG_BLOCK, &wake, NULL);
    for (int n = 0; n < 200; n++) {
        raise_event(i->region);
        usleep(100);
    }
    while (sigtimedwait(&wake, NULL, &(struct timespec){0}) > 0)
        i->queued++;
    if (i->queued)
        pthread_kill(pthread_self(), SIGRTMAX - 2); /* puts back what the park waits for */
    pthread_sigmask(SIG_UNBLOCK, &wake, NULL);
}

/* On the vCPU's thread: the signal of a kick arrives before pthread_kill returns. */
void vmrpc_test_point(enum point point)
{
    struct injection *i = injected;
    if (!i || i->point != point || i->hits)
        return;
    i->hits++;
    i->acks = i->region->slot[0].shim.acks;
    i->reason = i->region->slot[0].shim.reason;
    if (i->deeds & DO_INTERRUPT)
        vmm_interrupt(i->vmm);
    if (i->deeds & DO_EVENT)
        raise_event(i->region);
    if (i->deeds & DO_LOSS)
        lose_agent(i);
    if (i->deeds & DO_LATE)
        pthread_kill(pthread_self(), SIGRTMAX - 2);
    if (i->deeds & DO_FLOOD)
        flood(i);
    if (i->deeds & DO_KICK)
        vmm_kick(i->vmm);
    while ((i->deeds & DO_DEADLINE) && now_ns() < i->deadline_ns + MS / 5)
        usleep(100);
}

void link_agent(struct region *region, struct agent *agent)
{
    agent_listen(agent, region);
    agent_welcome(agent, VMRPC_LINK_LINKED, 77);
    CHECK(await_word(&region->header->shim.link, VMRPC_LINK_UP));
}

static long call(long number, const long a[6])
{
    long answer;
    register long r10 __asm__("r10") = a[3];
    register long r8 __asm__("r8") = a[4];
    register long r9 __asm__("r9") = a[5];
    __asm__ volatile("syscall" : "=a"(answer) : "a"(number), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
    return answer;
}

/* In front of libc's: what comes between the park core's last look and the kernel's. */
long syscall(long number, ...)
{
    long a[6];
    va_list arguments;
    va_start(arguments, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(arguments, long);
    va_end(arguments);
    if (number == SYS_futex_waitv && a[1] == 3)
        vmrpc_test_point(POINT_FUTEX_WAIT);
    if (number == SYS_futex && (a[1] & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET)
        __atomic_fetch_add(&blind_waits, 1u, __ATOMIC_RELAXED);
    long answer = call(number, a);
    if (answer >= 0 || answer < -4095)
        return answer;
    errno = (int)-answer;
    return -1;
}
