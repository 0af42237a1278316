package io.vmrpc.guest;

import io.vmrpc.park.Parker;

/**
 * A one-shot or periodic timer, in the manner of timerfd(2), over any {@link Waiting}. A periodic timer keeps its absolute schedule:
 * lateness of one expiration does not shift the next, and expirations that nobody waited for are reported. Times are
 * {@link System#nanoTime()}. Belongs to the thread of its {@code Waiting}.
 */
public final class VmTimer {
    private static final Parker.Pending NOTHING = () -> true;
    private final Waiting waiting;
    private long nextNs;
    private long periodNs;
    private long scheduledNs;
    private long overruns;
    private boolean isArmed;

    /**
     * Makes a timer; it is not armed.
     *
     * @param waiting how its thread waits.
     */
    public VmTimer(final Waiting waiting) {
        this.waiting = waiting;
    }

    /**
     * Arms a one-shot timer.
     *
     * @param deadlineNs when it expires, absolute.
     * @return this.
     */
    public VmTimer once(final long deadlineNs) {
        nextNs = deadlineNs;
        periodNs = 0;
        isArmed = true;
        return this;
    }

    /**
     * Arms a periodic timer.
     *
     * @param firstNs when it expires first, absolute.
     * @param period nanoseconds between two expirations, at least 1.
     * @return this.
     */
    public VmTimer periodic(final long firstNs, final long period) {
        if (period < 1) {
            throw new IllegalArgumentException("period=" + period + " ns must be at least 1");
        }
        once(firstNs);
        periodNs = period;
        return this;
    }

    /** Disarms the timer: {@link #await} must not be called until it is armed again. */
    public void cancel() {
        isArmed = false;
    }

    /**
     * Waits for the next expiration. Never returns early.
     *
     * @return expirations since the last call: 1, or more if some were missed.
     * @throws IllegalStateException if the timer is not armed.
     */
    public long await() {
        if (!isArmed) {
            throw new IllegalStateException("the timer is not armed: call once or periodic before await");
        }
        long now = System.nanoTime();
        while (now - nextNs < 0) {
            waiting.await(NOTHING, nextNs, false);
            now = System.nanoTime();
        }
        return expire(now);
    }

    private long expire(final long now) {
        final long missed = periodNs == 0 ? 0 : (now - nextNs) / periodNs;
        scheduledNs = nextNs + missed * periodNs;
        nextNs = scheduledNs + periodNs;
        overruns += missed;
        isArmed = periodNs != 0;
        return missed + 1;
    }

    /**
     * When the last expiration was due; {@code System.nanoTime() - scheduledNs()} is its lateness.
     *
     * @return absolute time.
     */
    public long scheduledNs() {
        return scheduledNs;
    }

    /**
     * When the next expiration is due: a deadline for {@link Channel#await}, to wait for a timer and a completion together.
     *
     * @return absolute time.
     */
    public long nextNs() {
        return nextNs;
    }

    /**
     * Expirations that nobody waited for in time.
     *
     * @return count since the timer was made.
     */
    public long overruns() {
        return overruns;
    }
}
