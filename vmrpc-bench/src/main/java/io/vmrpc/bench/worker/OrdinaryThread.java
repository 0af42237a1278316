package io.vmrpc.bench.worker;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A thread that was there before the worker's own became real-time: what it starts inherits the ordinary CPUs and no priority (sched(7)), and does not lose
 * its parent (PR_SET_PDEATHSIG) before the JVM ends.
 */
final class OrdinaryThread {
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, work -> {
        final Thread thread = new Thread(work, "ordinary");
        thread.setDaemon(true);
        return thread;
    });

    OrdinaryThread() {
        executor.prestartAllCoreThreads();
    }

    /** What can fail. */
    @FunctionalInterface
    interface Action {
        void run() throws IOException;
    }

    /** Lets it work, and waits in the kernel for the end. */
    <T> T call(final Callable<T> work) throws IOException {
        return result(executor.submit(work));
    }

    /** Waits for the end of what was begun. */
    static <T> T result(final Future<T> work) throws IOException {
        try {
            return work.get();
        } catch (final ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The same without a result. */
    void run(final Action action) throws IOException {
        call(() -> {
            action.run();
            return null;
        });
    }

    /** Lets it work later, while the caller does something else. */
    Future<Void> later(final long delayNs, final Action action) {
        return executor.schedule(() -> {
            action.run();
            return null;
        }, delayNs, TimeUnit.NANOSECONDS);
    }
}
