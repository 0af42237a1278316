package io.vmrpc.guest;

/**
 * The offset between this process's {@link System#nanoTime()} and the host's CLOCK_MONOTONIC.
 *
 * <p>Each park hypercall bounds it from both sides: the shim came in after the guest's clock was read before the call, and went back
 * before it was read after the call. The bounds are widened by {@value #DRIFT_PPM} ppm with time, since both clocks may be slewed
 * (adjtimex(2) allows 500 ppm), and each new call narrows them again. Used by the thread that owns the vCPU.
 */
final class HostClock {
    private static final int DRIFT_PPM = 500;
    private long lower = Long.MIN_VALUE / 4;
    private long upper = Long.MAX_VALUE / 4;
    private long widenedAt;

    /** Takes one hypercall: guest clock before and after it, host clock on entry and return, all ns. */
    void observe(final long before, final long entered, final long returned, final long after) {
        final long drift = Math.max(0, after - widenedAt) / (1_000_000 / DRIFT_PPM) + 1;
        widenedAt = after;
        lower = Math.max(lower - drift, returned - after);
        upper = Math.min(upper + drift, entered - before);
        if (lower > upper) { // the clocks jumped, for example the VM was stopped and continued: begin anew
            lower = returned - after;
            upper = entered - before;
        }
    }

    /** Host time of a guest time; an unlimited deadline stays unlimited. */
    long toHost(final long guestNs) {
        return guestNs == Long.MAX_VALUE ? guestNs : guestNs + offset();
    }

    /** Host minus guest clock, ns. */
    long offset() {
        return lower + (upper - lower) / 2;
    }

    /** Half the distance of the bounds: how wrong {@link #offset()} can be, ns. */
    long error() {
        return (upper - lower) / 2;
    }
}
