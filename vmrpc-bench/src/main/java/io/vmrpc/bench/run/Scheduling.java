package io.vmrpc.bench.run;

import static io.vmrpc.natives.Native.SCHED_FIFO;
import static io.vmrpc.natives.Native.SCHED_OTHER;
import static io.vmrpc.natives.Native.vmrpc_set_scheduler;

import io.vmrpc.bench.report.Variants;
import io.vmrpc.natives.CpuSet;
import io.vmrpc.natives.Errno;
import java.io.IOException;
import java.util.List;

/** Gives the VM's threads the scheduling of a variant, from outside QEMU; where the vCPU's thread is real-time it is pinned too. */
final class Scheduling {
    static final int PRIORITY = 80;
    /** The host CPU of the real-time vCPU's thread, of the loopback worker, and of instruments that stand for them: the last one. */
    static final int REAL_TIME_CPU = Runtime.getRuntime().availableProcessors() - 1;

    private Scheduling() {
    }

    /** Applies a variant; the first thread is the real-time vCPU's. */
    static void apply(final String host, final List<Long> threads) throws IOException {
        for (int i = 0; i < threads.size(); i++) {
            final boolean isPinned = i == 0 && !host.equals(Variants.UNTOUCHED);
            (isPinned ? CpuSet.of(REAL_TIME_CPU) : CpuSet.all()).applyTo(threads.get(i).intValue());
            final boolean isFifo = host.equals(Variants.ALL_FIFO) || host.equals(Variants.VCPU_FIFO) && i == 0;
            final int result = vmrpc_set_scheduler(threads.get(i).intValue(), isFifo ? SCHED_FIFO : SCHED_OTHER, isFifo ? PRIORITY : 0);
            if (result == -Errno.EPERM) {
                throw new IOException("sched_setscheduler(SCHED_FIFO) failed with " + Errno.text(Errno.EPERM) +
                    ": run as root, and give this cgroup cpu.rt_runtime_us where the kernel asks for it");
            } // ESRCH: a worker thread of QEMU that ended meanwhile
        }
    }

    /** All threads on {@link #REAL_TIME_CPU}: where a measuring program has the other one. */
    static void pin(final List<Long> threads) {
        threads.forEach(thread -> CpuSet.of(REAL_TIME_CPU).applyTo(thread.intValue()));
    }
}
