package io.vmrpc.guest;

import static io.vmrpc.natives.Native.*;

import io.vmrpc.error.ConnectException;
import io.vmrpc.natives.CpuSet;
import io.vmrpc.natives.Errno;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** What was done to a thread to make it the owner of a vCPU, and how to undo it. */
final class ThreadBinding implements AutoCloseable {
    private final int tid;
    private final CpuSet formerCpus;
    private final int formerScheduling;
    private final List<String> warnings;

    private ThreadBinding(final int tid, final CpuSet formerCpus, final int formerScheduling, final List<String> warnings) {
        this.tid = tid;
        this.formerCpus = formerCpus;
        this.formerScheduling = formerScheduling;
        this.warnings = warnings;
    }

    /** Binds the calling thread; {@code cpu} -1 leaves its affinity, priority 0 its scheduling. */
    static ThreadBinding bind(final int cpu, final VcpuContext context, final List<String> warnings) {
        final int tid = vmrpc_gettid();
        final ThreadBinding binding = new ThreadBinding(tid, cpusOf(tid), vmrpc_get_scheduler(0), warnings);
        try {
            if (cpu >= 0) {
                check(CpuSet.of(cpu).applyTo(0), "sched_setaffinity(cpu " + cpu + ")",
                    "name a CPU that exists and that this process's cpuset allows");
            }
            if (context.priority() > 0) {
                check(vmrpc_set_scheduler(0, SCHED_FIFO, context.priority()), "sched_setscheduler(SCHED_FIFO, " + context.priority() + ")",
                    "run as root, or give the process CAP_SYS_NICE and cpu.rt_runtime_us in its cgroup, or bind with priority(0)");
            } else {
                vmrpc_set_timer_slack(1); // a thread that is not real-time would wait up to 50 us longer: PR_SET_TIMERSLACK(2const)
            }
            if (context.lockMemory()) {
                check(vmrpc_lock_memory(), "mlockall", "raise the limit (ulimit -l unlimited), or bind with lockMemory(false)");
            }
            return binding;
        } catch (final RuntimeException e) {
            binding.close();
            throw e;
        }
    }

    private static CpuSet cpusOf(final int tid) {
        try {
            return CpuSet.ofThread(tid);
        } catch (final IOException e) {
            throw new UncheckedIOException(e); // the calling thread exists
        }
    }

    private static void check(final int result, final String call, final String remedy) {
        if (result < 0) {
            throw new ConnectException(call + " failed with " + Errno.text(-result) + ": " + remedy);
        }
    }

    List<String> warnings() {
        return warnings;
    }

    @Override
    public void close() {
        if (formerScheduling >= 0) {
            vmrpc_set_scheduler(tid, formerScheduling >> 8, formerScheduling & 0xff);
        }
        formerCpus.applyTo(tid);
    }
}
