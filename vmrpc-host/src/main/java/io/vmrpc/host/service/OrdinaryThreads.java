package io.vmrpc.host.service;

import io.vmrpc.natives.CpuSet;
import io.vmrpc.natives.Native;
import java.io.IOException;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads for a service's work that may block. A thread inherits CPU and priority of the one that makes it (sched(7)), which here is a shard's: pinned and, if the operator
 * wants it so, real-time. These have neither: they run at SCHED_OTHER where the process's first thread may. They keep no JVM alive.
 */
public final class OrdinaryThreads implements ThreadFactory {
    private static final Logger LOG = LoggerFactory.getLogger(OrdinaryThreads.class);
    private final String name;

    /**
     * Creates a factory.
     *
     * @param name of every thread.
     */
    public OrdinaryThreads(final String name) {
        this.name = name;
    }

    @Override
    public Thread newThread(final Runnable task) {
        final Thread thread = new Thread(() -> {
            leaveShard();
            task.run();
        }, name);
        thread.setDaemon(true);
        return thread;
    }

    private static void leaveShard() {
        try {
            Native.vmrpc_set_scheduler(0, Native.SCHED_OTHER, 0); // to give a priority back is always allowed
            final int result = CpuSet.ofThread((int)ProcessHandle.current().pid()).applyTo(0);
            if (result < 0) {
                LOG.debug("sched_setaffinity(2) of {} failed with errno {}", Thread.currentThread().getName(), -result);
            }
        } catch (final IOException e) {
            LOG.debug("{} stays on its maker's CPU: {}", Thread.currentThread().getName(), e.getMessage());
        }
    }
}
