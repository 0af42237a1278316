package io.vmrpc.guest;

import java.util.Objects;
import java.util.concurrent.ThreadFactory;

/** How {@link RealTimeScheduler#launch} makes its thread. Fluent; defaults suit a guest with one isolated CPU. */
public final class SchedulerContext {
    private VcpuContext vcpu = new VcpuContext();
    private ThreadFactory threadFactory = task -> new Thread(task, "vmrpc-scheduler");

    /**
     * The vCPU and what is done to the thread that owns it.
     *
     * @param context default: the isolated CPU, SCHED_FIFO 80, memory locked.
     * @return this.
     */
    public SchedulerContext vcpu(final VcpuContext context) {
        vcpu = Objects.requireNonNull(context);
        return this;
    }

    /**
     * What makes the scheduler's one thread.
     *
     * @param factory default: an ordinary thread, not a daemon, named {@code vmrpc-scheduler}. Its thread must be a platform thread.
     * @return this.
     */
    public SchedulerContext threadFactory(final ThreadFactory factory) {
        threadFactory = Objects.requireNonNull(factory);
        return this;
    }

    VcpuContext vcpu() {
        return vcpu;
    }

    ThreadFactory threadFactory() {
        return threadFactory;
    }
}
