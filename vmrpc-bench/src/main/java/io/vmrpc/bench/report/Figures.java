package io.vmrpc.bench.report;

import org.HdrHistogram.Histogram;

/**
 * What remains of a distribution in the JSON file; all values in nanoseconds.
 *
 * @param count number of samples; 0 means that nothing was measured
 * @param mean  arithmetic mean
 * @param p50   median
 * @param p90   90th percentile
 * @param p99   99th percentile
 * @param p999  99.9th percentile
 * @param max   largest sample
 */
public record Figures(long count, double mean, long p50, long p90, long p99, long p999, long max) {

    /** Refuses what no distribution can be. */
    public Figures {
        if (count < 0 || p50 < 0 || !(mean >= 0 && mean < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("figures are negative or not finite: count=" + count + " mean=" + mean + " p50=" + p50);
        }
        if (p50 > p90 || p90 > p99 || p99 > p999 || p999 > max) {
            throw new IllegalArgumentException("percentiles do not ascend: p50=" + p50 + " p90=" + p90 + " p99=" + p99
                + " p999=" + p999 + " max=" + max);
        }
    }

    /**
     * The figures of a histogram.
     *
     * @param histogram values in nanoseconds
     * @return its figures, all 0 if it is empty
     */
    public static Figures of(final Histogram histogram) {
        final long count = histogram.getTotalCount();
        if (count == 0) {
            return new Figures(0, 0, 0, 0, 0, 0, 0);
        }
        return new Figures(count, histogram.getMean(), histogram.getValueAtPercentile(50), histogram.getValueAtPercentile(90),
            histogram.getValueAtPercentile(99), histogram.getValueAtPercentile(99.9), histogram.getMaxValue());
    }
}
