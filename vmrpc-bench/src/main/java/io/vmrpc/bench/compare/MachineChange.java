package io.vmrpc.bench.compare;

import io.vmrpc.bench.report.ControlVariants;
import io.vmrpc.bench.report.Disturbances;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Statistic;
import io.vmrpc.bench.report.Units;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * By how much the machine itself became slower between two runs, as their control measurements tell: the median of p50 over the controls of
 * each. A rate may
 * change as the CPU's work did; a time may change as the work or as the wake-ups did, and only what goes beyond both is the code's doing.
 * Other units (bytes of
 * memory) do not depend on the machine's speed.
 *
 * @param work times as long; empty if one run has no controls
 * @param wakeUp likewise
 * @param other a sentence if it was another machine; empty if not, or if a run does not say
 */
record MachineChange(Optional<Double> work, Optional<Double> wakeUp, String other) {
    /** What the machine explains. */
    record Range(double least, double most) {
        static final Range NOTHING = new Range(1, 1);
    }

    static MachineChange between(final List<Row> before, final List<Row> after) {
        return new MachineChange(ratio(before, after, ControlVariants.WORK), ratio(before, after, ControlVariants.WAKE_UP),
            other(before, after));
    }

    Range explains(final String unit) {
        final boolean isTime = unit.equals(Units.NANOSECONDS);
        if (work.isEmpty() || !isTime && !Units.isRate(unit)) {
            return Range.NOTHING;
        }
        final double second = isTime ? wakeUp.orElse(work.get()) : work.get();
        return new Range(Math.min(work.get(), second), Math.max(work.get(), second));
    }

    String words() {
        if (work.isEmpty()) {
            return "Machine: no control measurements in at least one of the runs, so a slower machine looks like slower code here.";
        }
        return String.format(Locale.ROOT, "Machine: between the runs its own CPU work became %.2f times as long%s (medians of the "
            + "control measurements). Rates are judged relative to the "
            + "work; times relative to both, and only what goes beyond both counts.", work.get(),
            wakeUp.map(times -> String.format(Locale.ROOT, ", wake-ups of the host's cyclictest %.2f times", times)).orElse(""));
    }

    private static Optional<Double> ratio(final List<Row> before, final List<Row> after, final String variant) {
        final double old = median(before, variant);
        final double fresh = median(after, variant);
        return old > 0 && fresh > 0 ? Optional.of(fresh / old) : Optional.empty();
    }

    private static double median(final List<Row> rows, final String variant) {
        final double[] values = rows.stream().filter(row -> Disturbances.isControl(row) && row.variant().equals(variant))
            .mapToDouble(row -> Statistic.P50.of(row.figures()))
            .sorted().toArray();
        return values.length == 0 ? 0 : (values[(values.length - 1) / 2] + values[values.length / 2]) / 2;
    }

    private static String other(final List<Row> before, final List<Row> after) {
        final StringBuilder words = new StringBuilder();
        for (final String param : List.of(ControlVariants.CPU_MODEL, ControlVariants.KERNEL)) {
            final Optional<String> old = first(before, param);
            final Optional<String> fresh = first(after, param);
            if (old.isPresent() && fresh.isPresent() && !old.equals(fresh)) {
                words.append(param.equals(ControlVariants.KERNEL) ? "Another kernel: " : "Another processor: ").append(old.get())
                    .append(", then ").append(fresh.get()).append(". ");
            }
        }
        return words.toString().strip();
    }

    private static Optional<String> first(final List<Row> rows, final String param) {
        return rows.stream().filter(Disturbances::isControl).map(row -> row.param(param)).filter(value -> !value.isEmpty()).findFirst();
    }
}
