package io.vmrpc.guest;

import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.TimeUnit;

/** One task of a {@link RealTimeScheduler}, once or periodic, and the future that its submitter holds. */
final class ScheduledTask<V> extends FutureTask<V> implements RunnableScheduledFuture<V> {
    /**
     * The longest delay and period, 146 years. Deadlines in a heap must not be farther apart than 2^63 - 1 ns, or their difference has the
     * wrong sign: one may be this far ahead while another is overdue, by less than this.
     */
    static final long LONGEST_NS = Long.MAX_VALUE >> 1;

    /** Where {@link TaskHeap} has it; the heap's. */
    int heapIndex = TaskHeap.NOWHERE;
    private final TaskLoop loop;
    private final long number;
    private final long periodNs;
    /** Written by the owner, and before the task is published; read by any thread in {@link #getDelay}. */
    private volatile long deadlineNs;

    /**
     * Makes a task; it is not submitted.
     *
     * @param number of its submission: the order among equal deadlines.
     * @param deadlineNs absolute {@link System#nanoTime()}.
     * @param periodNs 0: once; above 0: from deadline to deadline; below 0: minus the pause from the end of a run to the next.
     */
    ScheduledTask(final TaskLoop loop, final Callable<V> callable, final long number, final long deadlineNs, final long periodNs) {
        super(callable);
        this.loop = loop;
        this.number = number;
        this.deadlineNs = deadlineNs;
        this.periodNs = Math.max(-LONGEST_NS, Math.min(periodNs, LONGEST_NS));
    }

    /** The deadline after a delay that may be anything. */
    static long deadlineAfter(final long delayNs) {
        return System.nanoTime() + Math.max(0, Math.min(delayNs, LONGEST_NS));
    }

    long deadlineNs() {
        return deadlineNs;
    }

    /** Runs the task once, also if it is periodic. */
    @Override
    public void run() {
        if (isPeriodic()) {
            runAndReset();
        } else {
            super.run();
        }
    }

    /** Runs a periodic task; true if it has another deadline, false if the series ended because it threw or was cancelled. */
    boolean runPeriodic() {
        final boolean goesOn = runAndReset();
        if (goesOn) {
            deadlineNs = periodNs > 0 ? deadlineNs + periodNs : deadlineAfter(-periodNs);
        }
        return goesOn;
    }

    @Override
    public boolean isPeriodic() {
        return periodNs != 0;
    }

    @Override
    public boolean cancel(final boolean mayInterruptIfRunning) {
        final boolean isCancelled = super.cancel(mayInterruptIfRunning);
        if (isCancelled) {
            loop.forget(this);
        }
        return isCancelled;
    }

    @Override
    public long getDelay(final TimeUnit unit) {
        return unit.convert(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(final Delayed other) {
        if (other instanceof ScheduledTask<?> task) {
            final long difference = deadlineNs - task.deadlineNs;
            return difference != 0 ? Long.signum(difference) : Long.compare(number, task.number);
        }
        return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
}
