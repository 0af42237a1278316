package io.vmrpc.guest;

import io.vmrpc.natives.Native;

/**
 * Sleeps in the guest kernel now and then, so that the kernel threads of a real-time CPU run although its owner never blocks
 * there. A breath that would endanger the next deadline is skipped and counted. Times are host CLOCK_MONOTONIC in ns.
 */
final class Breath {
    /** A breath is taken if the next deadline is at least this many breaths away: waking from it takes time too. */
    private static final int MARGIN = 4;
    private final long intervalNs;
    private final long lengthNs;
    private long dueNs;
    private long taken;
    private long skipped;

    Breath(final long intervalNs, final long lengthNs, final long nowNs) {
        this.intervalNs = intervalNs;
        this.lengthNs = lengthNs;
        dueNs = lengthNs == 0 ? Long.MAX_VALUE : nowNs + intervalNs;
    }

    /** When a park must end at the latest for the next breath. */
    long dueNs() {
        return dueNs;
    }

    /** Breathes if it is time and the deadline allows. */
    void takeIfDue(final long nowNs, final long deadlineNs) {
        if (nowNs - dueNs < 0 || lengthNs == 0) {
            return;
        }
        if (deadlineNs != Long.MAX_VALUE && deadlineNs - nowNs < MARGIN * lengthNs) {
            skipped++;
            dueNs = deadlineNs; // look again right after that deadline
        } else {
            Native.vmrpc_sleep_ns(lengthNs);
            taken++;
            dueNs = nowNs + intervalNs;
        }
    }

    long taken() {
        return taken;
    }

    long skipped() {
        return skipped;
    }
}
