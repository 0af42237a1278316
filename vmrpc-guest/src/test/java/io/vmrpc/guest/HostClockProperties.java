package io.vmrpc.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Hypercalls with random delays, of clocks that drift apart as far as adjtimex(2) can make them. */
class HostClockProperties {
    private static final int MAX_DRIFT_PPB = 500_000;

    /** A guest clock and a host clock, seen from outside. */
    private static final class Clocks {
        private final SplittableRandom random;
        private final double drift;
        private final long startOffset;
        private double nowNs = 1_000_000_000_000L;

        private Clocks(final long seed, final double drift, final long startOffset) {
            random = new SplittableRandom(seed);
            this.drift = drift;
            this.startOffset = startOffset;
        }

        private long guest() {
            return (long)nowNs;
        }

        private long host() {
            return (long)(nowNs + offset());
        }

        private double offset() {
            return startOffset + nowNs * drift;
        }

        private void pass(final long maxNs) {
            nowNs += random.nextLong(1, maxNs);
        }

        private void hypercall(final HostClock observer, final long parkNs) {
            final long before = guest();
            pass(5_000);
            final long entered = host();
            pass(parkNs);
            final long returned = host();
            pass(20_000);
            observer.observe(before, entered, returned, guest());
        }
    }

    @Property(tries = 500)
    void offsetIsWithinItsError(@ForAll final long seed, @ForAll @IntRange(min = -MAX_DRIFT_PPB, max = MAX_DRIFT_PPB) final int driftPpb,
        @ForAll @LongRange(min = -1_000_000_000_000_000L, max = 1_000_000_000_000_000L) final long startOffset) {
        final HostClock clock = new HostClock();
        final Clocks clocks = new Clocks(seed, driftPpb * 1e-9, startOffset);
        for (int i = 0; i < 100; i++) {
            clocks.pass(1L << clocks.random.nextInt(1, 34));
            clocks.hypercall(clock, 1L << clocks.random.nextInt(1, 34));
            assertEquals(clocks.offset(), clock.offset(), clock.error() + 2, "the true offset is outside of the bounds"); // 2: rounding
        }
    }

    @Property(tries = 100)
    void shortCallsAfterCalibrationKeepItClose(@ForAll final long seed) {
        final HostClock clock = new HostClock();
        final Clocks clocks = new Clocks(seed, 1e-7, 12_345);
        for (int i = 0; i < 200; i++) {
            clocks.hypercall(clock, 100);
        }
        assertTrue(clock.error() < 10_000, () -> "error after calibration: " + clock.error());
        for (int i = 0; i < 100; i++) {
            clocks.hypercall(clock, 1_000_000_000);
            assertEquals(clocks.offset(), clock.offset(), 25_000, "a drift of 0.1 ppm must not spoil the offset after long parks");
        }
    }

    @Example
    void jumpOfTheClocksBeginsAnew() {
        final HostClock clock = new HostClock();
        clock.observe(1_000, 101_100, 101_200, 1_300);
        assertEquals(100_000, clock.offset(), clock.error());
        clock.observe(2_000, 9_002_100, 9_002_200, 2_300);
        assertEquals(9_000_000, clock.offset(), clock.error());
    }

    @Example
    void noDeadlineStaysNoDeadline() {
        final HostClock clock = new HostClock();
        clock.observe(1_000, 101_100, 101_200, 1_300);
        assertEquals(Long.MAX_VALUE, clock.toHost(Long.MAX_VALUE));
        assertEquals(5_000 + clock.offset(), clock.toHost(5_000));
    }
}
