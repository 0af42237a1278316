package io.vmrpc.bench.report;

import java.util.List;

/** How far into the tail a run judges. */
public enum Depth {
    /** Few samples: up to p99. */
    QUICK(List.of(Statistic.P50, Statistic.P99)),
    /** At least 10,000 samples a row, or as many as a bench says: up to p99.9 and the maximum. */
    FULL(List.of(Statistic.P50, Statistic.P99, Statistic.P999));

    private final List<Statistic> percentiles;

    Depth(final List<Statistic> percentiles) {
        this.percentiles = percentiles;
    }

    /** {@return the percentiles that are judged, ascending} */
    public List<Statistic> percentiles() {
        return percentiles;
    }

    /** Whether a run of this depth judges it: a mean needs few samples, a maximum is the far end of the tail. */
    boolean judges(final Statistic statistic) {
        return statistic == Statistic.MEAN || percentiles.contains(statistic) || this == FULL && statistic == Statistic.MAX;
    }
}
