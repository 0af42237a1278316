package io.vmrpc.bench.worker;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Coordinated omission, of periodic timers whose program leaves out what it missed: one handler that comes three periods late stands for three that never came.
 * Left as one sample, a long stall would hardly show in any percentile.
 */
public final class Omission {
    private Omission() {
    }

    /**
     * Counts what was left out: a sample of a period or more stands for itself and for each expiration after it that it swallowed, each a period less late.
     * HdrHistogram's own correction would leave out the last of these.
     *
     * @param samples how far handlers or intervals were off, ns; at most one for each handler.
     * @param periodNs of the timer.
     * @return more samples, or as many.
     */
    public static Histogram corrected(final Histogram samples, final long periodNs) {
        final Histogram all = new Histogram(samples.getHighestTrackableValue(), samples.getNumberOfSignificantValueDigits());
        for (final HistogramIterationValue each : samples.recordedValues()) {
            for (long ns = each.getValueIteratedTo(); ns >= 0; ns -= periodNs) {
                all.recordValueWithCount(ns, each.getCountAtValueIteratedTo());
            }
        }
        return all;
    }
}
