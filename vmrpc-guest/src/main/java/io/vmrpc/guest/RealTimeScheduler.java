package io.vmrpc.guest;

import io.vmrpc.error.ConnectException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A {@link ScheduledExecutorService} over one real-time vCPU: its one thread owns the vCPU, runs all tasks, and between them parks the vCPU
 * until the next deadline.
 *
 * <pre>{@code
 * try (VmrpcGuest guest = VmrpcGuest.connect();
 *      RealTimeScheduler scheduler = RealTimeScheduler.launch(guest, new SchedulerContext())) {
 *     scheduler.vcpu().warnings().forEach(System.err::println);
 *     Channel channel = scheduler.submit(() -> guest.openChannel(scheduler.vcpu())).get(); // for tasks only
 *     ScheduledFuture<?> control = scheduler.scheduleAtFixedRate(() -> step(channel), 0, 20, TimeUnit.MILLISECONDS);
 *     scheduler.schedule(() -> control.cancel(false), 1, TimeUnit.HOURS); // does not wake the vCPU: it looks in time
 *     scheduler.execute(() -> retune(channel)); // from any thread: ends a park at once
 *     awaitOperator();
 * }
 * }</pre>
 *
 * <p><b>Semantics</b> are those of {@link java.util.concurrent.ScheduledThreadPoolExecutor} with one thread, its default policies, and
 * cancelled tasks removed: tasks run one at a time, by deadline and, where deadlines are equal, in order of submission, never early; a fixed
 * rate is an absolute schedule, and what is behind catches up; a task that throws ends its own series and nothing else; after
 * {@link #shutdown()} delayed tasks still run and periodic ones are cancelled. Times are {@link System#nanoTime()}; delays and periods of
 * more than 146 years are cut.
 *
 * <p><b>Threads.</b> All methods are for any thread, but in a task {@link #close()} is refused and {@link #awaitTermination} waits in vain.
 * A task has the thread's real-time priority, and delays all others as long as it runs or blocks. Who submits or cancels takes no lock
 * that the scheduler's thread could have to wait for; only shutting down does. If the vCPU is parked beyond the task's deadline, the
 * submitter interrupts it (membarrier(2)) and returns when it has woken: where parks are slices ({@link VmrpcGuest#shim()}) that takes up
 * to a slice, and while the vCPU does not run, for example in a stopped VM, the submitter waits. A cancelled task is let go when the
 * park ends, at the latest when some 1,000 others wait for that.
 *
 * <p><b>The JVM.</b> A parked thread counts as one in native code: no safepoint waits for it, and garbage is collected beside it. But a
 * park that ends during a safepoint returns to Java after it, so keep garbage collections short or rare. From JDK 20 on HotSpot may use
 * membarrier(2) itself ({@code -XX:+UseSystemMemoryBarrier}), which ends parks as any interrupt does, and costs one more park. A run of a
 * periodic task allocates nothing here; other tasks allocate when they are submitted or cancelled.
 *
 * <p><b>Errors.</b> A submission after shutdown is a {@link RejectedExecutionException}. Parks need no agent, so a lost one is told to
 * channels only. Close the scheduler before its {@link VmrpcGuest}.
 */
public final class RealTimeScheduler extends AbstractExecutorService implements ScheduledExecutorService, AutoCloseable {
    private final AtomicLong numbers = new AtomicLong();
    private final RealTimeVcpu vcpu;
    private final Thread owner;
    private final TaskLoop loop;

    private RealTimeScheduler(final RealTimeVcpu vcpu, final Thread owner, final Runnable kick) {
        this.vcpu = vcpu;
        this.owner = owner;
        loop = new TaskLoop(vcpu, kick);
    }

    /**
     * Starts a scheduler.
     *
     * @param guest the session, whose agent need not live on.
     * @param context vCPU and thread.
     * @return a scheduler whose thread has bound its vCPU.
     * @throws ConnectException if the vCPU cannot be bound ({@link VmrpcGuest#bind}) or the kernel lacks membarrier(2); no thread is left.
     */
    public static RealTimeScheduler launch(final VmrpcGuest guest, final SchedulerContext context) {
        final CompletableFuture<RealTimeScheduler> launched = new CompletableFuture<>();
        final Thread thread = context.threadFactory().newThread(() -> own(guest, context.vcpu(), launched));
        if (thread == null) {
            throw new IllegalArgumentException("the thread factory made no thread");
        }
        thread.start();
        try {
            return launched.join();
        } catch (final CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw (Error)e.getCause(); // what own() catches
        }
    }

    /** The owner's whole life. */
    private static void own(final VmrpcGuest guest, final VcpuContext context, final CompletableFuture<RealTimeScheduler> launched) {
        RealTimeScheduler scheduler = null;
        try (RealTimeVcpu vcpu = guest.bind(context)) {
            scheduler = new RealTimeScheduler(vcpu, Thread.currentThread(), guest.kick(vcpu));
            launched.complete(scheduler);
            scheduler.loop.run();
        } catch (final RuntimeException | Error e) {
            if (!launched.completeExceptionally(e)) {
                throw e; // the thread's handler tells it
            }
        } finally {
            if (scheduler != null) {
                scheduler.loop.terminate(); // the vCPU is given back by now
            }
        }
    }

    /**
     * The vCPU, to open channels with and to park in tasks.
     *
     * @return it belongs to the scheduler: use it in tasks only, and do not close it.
     */
    public RealTimeVcpu vcpu() {
        return vcpu;
    }

    @Override
    public ScheduledFuture<?> schedule(final Runnable command, final long delay, final TimeUnit unit) {
        return accept(Executors.callable(command), delay, unit, 0);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(final Callable<V> callable, final long delay, final TimeUnit unit) {
        return accept(callable, delay, unit, 0);
    }

    /**
     * {@inheritDoc} Also after a stop of the VM: the runs that it cost follow one another at once.
     */
    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(final Runnable command, final long initialDelay, final long period, final TimeUnit unit) {
        return accept(Executors.callable(command), initialDelay, unit, positive("period", period, unit));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(final Runnable command, final long initialDelay, final long delay, final TimeUnit unit) {
        return accept(Executors.callable(command), initialDelay, unit, -positive("delay", delay, unit));
    }

    private static long positive(final String name, final long value, final TimeUnit unit) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + "=" + value + " " + unit + " must be more than 0");
        }
        return unit.toNanos(value);
    }

    private <V> ScheduledTask<V> accept(final Callable<V> callable, final long delay, final TimeUnit unit, final long periodNs) {
        Objects.requireNonNull(callable);
        final long deadlineNs = ScheduledTask.deadlineAfter(unit.toNanos(delay));
        final ScheduledTask<V> task = new ScheduledTask<>(loop, callable, numbers.getAndIncrement(), deadlineNs, periodNs);
        if (!loop.submit(task)) {
            throw new RejectedExecutionException("the scheduler was shut down: launch another");
        }
        return task;
    }

    @Override
    public void execute(final Runnable command) {
        schedule(command, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Future<?> submit(final Runnable task) {
        return schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public <T> Future<T> submit(final Runnable task, final T result) {
        return schedule(Executors.callable(task, result), 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public <T> Future<T> submit(final Callable<T> task) {
        return schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    /** Takes no more tasks and cancels the periodic ones. Those with a delay still run, and the thread ends after the last. */
    @Override
    public void shutdown() {
        loop.shutdown();
    }

    /**
     * Takes no more tasks, begins none, and interrupts the thread for the sake of the one that runs.
     *
     * @return those that never began, by deadline; each is a {@link ScheduledFuture} that is neither done nor cancelled.
     */
    @Override
    public List<Runnable> shutdownNow() {
        return loop.shutdownNow(owner);
    }

    @Override
    public boolean isShutdown() {
        return loop.isShutdown();
    }

    /** {@inheritDoc} The vCPU is given back by then. */
    @Override
    public boolean isTerminated() {
        return loop.terminated().getCount() == 0;
    }

    @Override
    public boolean awaitTermination(final long timeout, final TimeUnit unit) throws InterruptedException {
        return loop.terminated().await(timeout, unit);
    }

    /**
     * Shuts down and waits until the tasks with a delay have run and the vCPU is given back, however long that takes; if the calling thread
     * is interrupted, as by {@link #shutdownNow()}. As {@code ExecutorService.close} of JDK 19 and later, and there before.
     *
     * @throws IllegalStateException in a task, which would wait for itself.
     */
    @Override
    public void close() {
        if (Thread.currentThread() == owner) {
            throw new IllegalStateException("close in a task of the scheduler would wait for itself: call shutdown");
        }
        shutdown();
        boolean isInterrupted = false;
        while (!isTerminated()) {
            try {
                awaitTermination(1, TimeUnit.DAYS);
            } catch (final InterruptedException e) {
                isInterrupted = true;
                shutdownNow();
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
