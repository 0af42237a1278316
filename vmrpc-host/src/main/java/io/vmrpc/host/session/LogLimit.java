package io.vmrpc.host.session;

import org.agrona.concurrent.NanoClock;

/** At most one line a second, so that a guest cannot flood the log; the lines left out are counted. */
public final class LogLimit {
    private static final long INTERVAL_NS = 1_000_000_000L;
    private final NanoClock clock;
    private long nextNs;
    private boolean hasLogged;
    private long suppressed;

    /**
     * Permits the first line.
     *
     * @param clock in ns.
     */
    public LogLimit(final NanoClock clock) {
        this.clock = clock;
    }

    /**
     * Whether a line may be logged now.
     *
     * @return false if it must be left out; it is counted.
     */
    public boolean permits() {
        final long now = clock.nanoTime();
        if (hasLogged && now - nextNs < 0) {
            suppressed++;
            return false;
        }
        hasLogged = true;
        nextNs = now + INTERVAL_NS;
        return true;
    }

    /**
     * What to append to a permitted line; counts from 0 again.
     *
     * @return how many lines were left out, or nothing.
     */
    public String suppressedText() {
        final long count = suppressed;
        suppressed = 0;
        return count == 0 ? "" : " (" + count + " more such lines left out)";
    }
}
