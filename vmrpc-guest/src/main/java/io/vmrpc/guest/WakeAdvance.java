package io.vmrpc.guest;

/**
 * Learns how long the way from the host's timer to the application is, so that the vCPU can be woken that much earlier.
 *
 * <p>Tracks a high quantile of the measured delays by asymmetric steps: up by {@value #UP} units when a delay exceeds the
 * estimate, down by one unit when it does not, which settles where one delay in {@value #UP} + 1 is longer.
 */
final class WakeAdvance {
    private static final int UP = 200;
    private static final long UNIT_NS = 50;
    private final long maxNs;
    private long ns;

    WakeAdvance(final long maxNs) {
        this.maxNs = maxNs;
        ns = Math.min(maxNs, 30_000);
    }

    /** How much earlier than its deadline a park should end, ns. */
    long ns() {
        return ns;
    }

    /** Takes one measured way from the intended wake to the application's own clock, ns. */
    void observe(final long delayNs) {
        ns = delayNs > ns ? Math.min(maxNs, ns + UP * UNIT_NS) : Math.max(0, ns - UNIT_NS);
    }
}
