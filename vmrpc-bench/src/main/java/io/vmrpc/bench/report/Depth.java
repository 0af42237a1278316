package io.vmrpc.bench.report;

import java.util.List;

/** How far into the tail a run judges. */
public enum Depth {
    /** Few samples: up to p99. */
    QUICK(List.of(Percentile.P50, Percentile.P99)),
    /** At least 10,000 samples a row: up to p99.9. */
    FULL(List.of(Percentile.P50, Percentile.P99, Percentile.P999));

    private final List<Percentile> percentiles;

    Depth(final List<Percentile> percentiles) {
        this.percentiles = percentiles;
    }

    /** {@return the percentiles that are judged, ascending} */
    public List<Percentile> percentiles() {
        return percentiles;
    }
}
