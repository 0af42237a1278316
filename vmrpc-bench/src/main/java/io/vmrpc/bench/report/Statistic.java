package io.vmrpc.bench.report;

import java.util.Arrays;
import java.util.List;

/** What comparisons take from a distribution. */
public enum Statistic {
    /** The arithmetic mean. */
    MEAN("mean", 0, 1),
    /** The median. */
    P50("p50", 0.5, 1),
    /** One in ten is above. */
    P90("p90", 0.9, 10),
    /** One in a hundred is above. */
    P99("p99", 0.99, 100),
    /** One in a thousand is above. */
    P999("p99.9", 0.999, 1000),
    /** The largest sample. */
    MAX("max", 0, 1);

    private final String label;
    /** 0 if this is none. */
    private final double quantile;
    private final long samplesNeeded;

    Statistic(final String label, final double quantile, final long samplesNeeded) {
        this.label = label;
        this.quantile = quantile;
        this.samplesNeeded = samplesNeeded;
    }

    /** {@return those that say which share of all samples lies at or below them, ascending} */
    static List<Statistic> percentiles() {
        return Arrays.stream(values()).filter(statistic -> statistic.quantile > 0).toList();
    }

    /**
     * The usual short name.
     *
     * @return for example {@code p99.9}
     */
    public String label() {
        return label;
    }

    /** The share of all samples at or below; percentiles only. */
    double quantile() {
        return quantile;
    }

    /**
     * Below this many samples a percentile is only another name for the maximum.
     *
     * @return the least number of samples that a verdict needs
     */
    public long samplesNeeded() {
        return samplesNeeded;
    }

    /**
     * Reads this statistic.
     *
     * @param figures of a row
     * @return nanoseconds
     */
    public long of(final Figures figures) {
        return switch (this) {
            case MEAN -> Math.round(figures.mean());
            case P50 -> figures.p50();
            case P90 -> figures.p90();
            case P99 -> figures.p99();
            case P999 -> figures.p999();
            case MAX -> figures.max();
        };
    }
}
