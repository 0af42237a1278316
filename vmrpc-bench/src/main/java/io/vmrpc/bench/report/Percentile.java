package io.vmrpc.bench.report;

/** The percentiles that comparisons use. */
public enum Percentile {
    /** The median. */
    P50("p50", 0.5, 1),
    /** One in ten is above. */
    P90("p90", 0.9, 10),
    /** One in a hundred is above. */
    P99("p99", 0.99, 100),
    /** One in a thousand is above. */
    P999("p99.9", 0.999, 1000);

    private final String label;
    private final double quantile;
    private final long samplesNeeded;

    Percentile(final String label, final double quantile, final long samplesNeeded) {
        this.label = label;
        this.quantile = quantile;
        this.samplesNeeded = samplesNeeded;
    }

    /**
     * The usual short name.
     *
     * @return for example {@code p99.9}
     */
    public String label() {
        return label;
    }

    /** The share of all samples at or below. */
    double quantile() {
        return quantile;
    }

    /**
     * Below this many samples the percentile is only another name for the maximum.
     *
     * @return the least number of samples that a verdict on this percentile needs
     */
    public long samplesNeeded() {
        return samplesNeeded;
    }

    /**
     * Reads this percentile.
     *
     * @param figures of a row
     * @return nanoseconds
     */
    public long of(final Figures figures) {
        return switch (this) {
            case P50 -> figures.p50();
            case P90 -> figures.p90();
            case P99 -> figures.p99();
            case P999 -> figures.p999();
        };
    }
}
