/* SPDX-License-Identifier: Apache-2.0
 *
 * membarrier(2) as an interrupt to a chosen CPU: no privilege, no signal, and the interrupted thread's system calls are not cut short.
 * Its barrier is not what is wanted here; the interrupt is. The RSEQ command is the one that can name a CPU.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vmrpc.h"

static int membarrier(int command, unsigned flags, int cpu) { return syscall(SYS_membarrier, command, flags, cpu) < 0 ? -errno : 0; }

int vmrpc_interrupt_register(void)
{
    if (membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ, 0, 0) == 0)
        return 1;
    return membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);
}

int vmrpc_interrupt(int cpu)
{
    if (cpu < 0)
        return membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
    return membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ, MEMBARRIER_CMD_FLAG_CPU, cpu);
}
