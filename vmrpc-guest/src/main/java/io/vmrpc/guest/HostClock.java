package io.vmrpc.guest;

/**
 * The offset between this process's {@link System#nanoTime()} and the host's CLOCK_MONOTONIC.
 *
 * <p>Each park hypercall bounds it from both sides: the shim came in after the guest's clock was read before the call, and went back
 * before it was read after the call. A bound holds for the moment of its guest time and loosens by {@value #DRIFT_PPM} ppm from then on,
 * since both clocks may be slewed (adjtimex(2) allows 500 ppm): also within the call that gave it, because a park can last a minute. A new
 * bound replaces one that has become looser. Used by the thread that owns the vCPU.
 */
final class HostClock {
    private static final int DRIFT_PPM = 500;
    private long lower = Long.MIN_VALUE / 4;
    private long lowerAt;
    private long upper = Long.MAX_VALUE / 4;
    private long upperAt;
    private long latest;

    /** Takes one hypercall: guest clock before and after it, host clock on entry and return, all ns. */
    void observe(final long before, final long entered, final long returned, final long after) {
        latest = after;
        if (returned - after >= loosenedLower()) {
            lower = returned - after;
            lowerAt = after;
        }
        if (entered - before + drift(before) <= loosenedUpper()) {
            upper = entered - before;
            upperAt = before;
        }
        if (loosenedLower() > loosenedUpper()) { // the clocks jumped, for example the VM was stopped and continued: begin anew
            lower = returned - after;
            lowerAt = after;
            upper = entered - before;
            upperAt = before;
        }
    }

    private long drift(final long since) {
        return Math.max(0, latest - since) / (1_000_000 / DRIFT_PPM) + 1;
    }

    private long loosenedLower() {
        return lower - drift(lowerAt);
    }

    private long loosenedUpper() {
        return upper + drift(upperAt);
    }

    /** Host time of a guest time; an unlimited deadline stays unlimited. */
    long toHost(final long guestNs) {
        return guestNs == Long.MAX_VALUE ? guestNs : guestNs + offset();
    }

    /** Host minus guest clock, ns. The middle of the bounds as they were measured: which way the clocks drifted since is unknown. */
    long offset() {
        return lower + (upper - lower) / 2;
    }

    /** How wrong {@link #offset()} could be at the latest hypercall, ns: the distance to the farther of the loosened bounds. */
    long error() {
        return Math.max(loosenedUpper() - offset(), offset() - loosenedLower());
    }
}
