package io.vmrpc.bench.report;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One ratio between rows of one run.
 *
 * @param scenario   circumstances of both
 * @param subject    the variant that is judged
 * @param baseline   what it is judged against
 * @param percentile the percentile of both
 * @param subjectRow  the subject's row, if measured
 * @param baselineRow the baseline's row, if measured; of several, the one with the lowest percentile
 * @param target     the promise about this ratio, if there is one
 * @param missing    rows that a verdict still needs, in words; empty if none
 */
public record Comparison(Scenario scenario, String subject, Baseline baseline, Percentile percentile, Optional<Row> subjectRow,
                         Optional<Row> baselineRow, Optional<Target> target, String missing) {

    /** What a subject is compared with. */
    public enum Baseline {
        /** The conventional way at the host scheduling that is best at this percentile. */
        BEST_CONVENTIONAL("best conventional", true),
        /** The conventional way with the VM's threads as they start. */
        UNTOUCHED_CONVENTIONAL("untouched", true),
        /** The timer interrupt of the guest itself, at the same host scheduling. */
        GUEST_TIMER("guest's own timer", true),
        /** cyclictest on the host. */
        CYCLICTEST("host cyclictest", false),
        /** C spin ping-pong. */
        SPIN_LIMIT("C spin ping-pong", false),
        /** C futex ping-pong. */
        FUTEX_LIMIT("C futex ping-pong", false);

        private final String words;
        private final boolean shouldLose;

        Baseline(final String words, final boolean shouldLose) {
            this.words = words;
            this.shouldLose = shouldLose;
        }

        /** {@return its name for people} */
        public String words() {
            return words;
        }

        /** {@return whether the ratio is "times faster than this"; otherwise it is "times as long as this"} */
        public boolean shouldLose() {
            return shouldLose;
        }
    }

    /** {@return the ratio, absent if a row is missing, empty or 0 ns} */
    public OptionalDouble ratio() {
        final long ours = nanos(subjectRow);
        final long theirs = nanos(baselineRow);
        if (ours <= 0 || theirs <= 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(baseline.shouldLose() ? (double) theirs / ours : (double) ours / theirs);
    }

    /** {@return the ratio for people, or "not measured"} */
    public String ratioWords() {
        final OptionalDouble ratio = ratio();
        return ratio.isPresent() ? Readable.ratio(ratio.getAsDouble(), baseline.shouldLose()) : Outcome.NOT_MEASURED.words();
    }

    /** {@return what this ratio says about its target; without a target, whether there is a ratio} */
    public Outcome outcome() {
        final OptionalDouble ratio = ratio();
        if (ratio.isEmpty()) {
            return Outcome.NOT_MEASURED;
        }
        if (target.isEmpty() || !missing.isEmpty() || tooFewSamples()) {
            return Outcome.NOT_JUDGED;
        }
        return target.get().isReachedBy(ratio.getAsDouble()) ? Outcome.REACHED : Outcome.NOT_REACHED;
    }

    /** {@return why there is no verdict; empty if there is one} */
    public String doubt() {
        if (ratio().isEmpty()) {
            return absent(subjectRow, subject) + absent(baselineRow, baseline.words());
        }
        return !missing.isEmpty() ? missing + " not measured" : tooFewSamples() ? "too few samples for " + percentile.label() : "";
    }

    private static String absent(final Optional<Row> row, final String name) {
        return row.isEmpty() ? name + " is missing. " : "";
    }

    private boolean tooFewSamples() {
        return tooFew(subjectRow) || tooFew(baselineRow);
    }

    private boolean tooFew(final Optional<Row> row) {
        return row.isPresent() && row.get().figures().count() < percentile.samplesNeeded();
    }

    private long nanos(final Optional<Row> row) {
        return row.isPresent() ? percentile.of(row.get().figures()) : 0;
    }
}
