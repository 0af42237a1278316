package io.vmrpc.bench.report;

/**
 * The words of time series: one row for each second. Its variants are {@link Variants#LONGPOLL_PERIODIC}, {@link Variants#GUEST_PERIODIC}
 * and whatever else is
 * drawn beside them.
 */
public final class TimelineVariants {
    /** Bench: lateness second by second, while load comes and goes. */
    public static final String TIMELINE = "timeline";
    /** Parameter: which second of the run, a whole number. */
    public static final String SECOND = "second";
    /** Parameter: what was loaded in it, {@code none}, {@code guest} or {@code both}. */
    public static final String PHASE = "phase";

    private TimelineVariants() {
    }
}
