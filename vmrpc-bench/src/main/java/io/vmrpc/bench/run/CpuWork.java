package io.vmrpc.bench.run;

import org.HdrHistogram.Histogram;

/**
 * A fixed piece of work for a CPU alone: each of its steps needs the last one's result, and none needs memory. Its time follows the clock
 * of the CPU.
 */
final class CpuWork {
    /** A piece takes a few hundred us. */
    private static final int STEPS = 200_000;
    private long state = 88_172_645_463_325_252L;

    /** The times of pieces for so long, ns; as long before they are not counted, while the JVM compiles and the CPU leaves its rest. */
    Histogram pieces(final long durationNs) {
        final Histogram times = new Histogram(Instruments.HIGHEST_NS, 3);
        final long beginNs = System.nanoTime();
        long nowNs = beginNs;
        while (nowNs - beginNs < 2 * durationNs) {
            final long startedNs = nowNs;
            state = steps(state);
            nowNs = System.nanoTime();
            if (startedNs - beginNs >= durationNs) {
                times.recordValue(nowNs - startedNs);
            }
        }
        return times;
    }

    /** Marsaglia's xorshift: never 0, so no step can be left out. */
    private static long steps(final long from) {
        long x = from;
        for (int step = 0; step < STEPS; step++) {
            x ^= x << 13;
            x ^= x >>> 7;
            x ^= x << 17;
        }
        if (x == 0) {
            throw new IllegalStateException("xorshift never comes to 0");
        }
        return x;
    }
}
