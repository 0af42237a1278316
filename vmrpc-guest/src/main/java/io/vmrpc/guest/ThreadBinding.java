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
    /** Where the thread was pinned to; null if it was not. */
    private final CpuSet cpus;
    private final CpuSet formerCpus;
    private final int formerScheduling;
    private final List<String> warnings;

    private ThreadBinding(final int tid, final CpuSet cpus, final CpuSet formerCpus, final int formerScheduling, final List<String> warnings) {
        this.tid = tid;
        this.cpus = cpus;
        this.formerCpus = formerCpus;
        this.formerScheduling = formerScheduling;
        this.warnings = warnings;
    }

    /** Binds the calling thread; {@code cpu} -1 leaves its affinity, priority 0 its scheduling. */
    static ThreadBinding bind(final int cpu, final VcpuContext context, final List<String> warnings) {
        final int tid = vmrpc_gettid();
        final CpuSet cpus = cpu >= 0 ? CpuSet.of(cpu) : null;
        final ThreadBinding binding = new ThreadBinding(tid, cpus, cpusOf(tid), vmrpc_get_scheduler(0), warnings);
        try {
            if (cpus != null) {
                check(cpus.applyTo(0), "sched_setaffinity(cpu " + cpu + ")",
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

    boolean isPinned() {
        return cpus != null && !cpus.equals(formerCpus);
    }

    /** Gives threads of this process that have the owner's CPU and scheduling, as its children do, what the owner had before. */
    void moveOffspring(final String[] tids) {
        final int scheduling = vmrpc_get_scheduler(tid);
        for (final String each : tids) {
            final int other = Integer.parseInt(each);
            if (other != tid && vmrpc_get_scheduler(other) == scheduling && isPinnedHere(other)) {
                restore(other);
            }
        }
    }

    private boolean isPinnedHere(final int other) {
        try {
            return CpuSet.ofThread(other).equals(cpus);
        } catch (final IOException e) {
            return false; // it has ended
        }
    }

    private void restore(final int thread) {
        if (formerScheduling >= 0) {
            vmrpc_set_scheduler(thread, formerScheduling >> 8, formerScheduling & 0xff);
        }
        formerCpus.applyTo(thread);
    }

    List<String> warnings() {
        return warnings;
    }

    @Override
    public void close() {
        restore(tid);
    }
}
