package io.vmrpc.bench.run;

import static io.vmrpc.natives.Native.SCHED_FIFO;
import static io.vmrpc.natives.Native.vmrpc_set_scheduler;

import io.vmrpc.natives.CpuSet;
import io.vmrpc.natives.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a host that knows its guest gives the VM's threads: QEMU's own, which make timers and packets to interrupts, come before the vCPUs that wait for these; the
 * real-time vCPU's comes before the others' and has its CPU. Where all have one priority, a busy ordinary vCPU can keep QEMU's own from ever running.
 */
final class LayeredScheduling {
    static final int QEMU_PRIORITY = Scheduling.PRIORITY + 5;
    /** What no thread of the VM may keep waiting. */
    static final int PEER_PRIORITY = QEMU_PRIORITY + 5;
    static final int ORDINARY_VCPU_PRIORITY = Scheduling.PRIORITY - 10;
    /** QEMU names its vCPUs' threads "CPU 0/TCG" and so on. */
    private static final String VCPU = "CPU ";

    private LayeredScheduling() {
    }

    /** The first thread is the real-time vCPU's. */
    static void apply(final List<Long> threads) throws IOException {
        CpuSet.of(Scheduling.REAL_TIME_CPU).applyTo(threads.get(0).intValue());
        set(threads.get(0), Scheduling.PRIORITY);
        for (final long thread : threads.subList(1, threads.size())) {
            set(thread, isVcpu(thread) ? ORDINARY_VCPU_PRIORITY : QEMU_PRIORITY);
        }
    }

    private static boolean isVcpu(final long thread) throws IOException {
        try {
            return Files.readString(Path.of("/proc/" + thread + "/comm")).startsWith(VCPU);
        } catch (final NoSuchFileException e) {
            return false; // a worker thread of QEMU that ended meanwhile
        }
    }

    private static void set(final long thread, final int priority) throws IOException {
        if (vmrpc_set_scheduler((int)thread, SCHED_FIFO, priority) == -Errno.EPERM) {
            throw new IOException("sched_setscheduler(SCHED_FIFO) failed with " + Errno.text(Errno.EPERM) + ": run as root");
        }
    }
}
