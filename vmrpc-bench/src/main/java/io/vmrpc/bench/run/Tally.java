package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Figures;
import io.vmrpc.bench.report.IndependenceVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** The repetitions of one point: a program in so many VMs at once. One row for each of them comes of it. */
final class Tally {
    private final IndependenceProgram program;
    private final String variant;
    private final int count;
    private final List<Repetition> repetitions = new ArrayList<>();

    Tally(final IndependenceProgram program, final String variant, final int count) {
        this.program = program;
        this.variant = variant;
        this.count = count;
    }

    /** What one window gave: values and CPU time of each, in their order. */
    private record Repetition(double[] values, double[] cpuPercent, double steal, double others, long skewNs, long endSkewNs) {
    }

    /** Takes the first outputs; whatever else measured in the window is not its business. */
    void add(final SharedWindow.Outcome outcome) throws IOException {
        final double[] values = new double[count];
        final long[] begins = new long[count];
        final long[] ends = new long[count];
        long error = 0;
        for (int i = 0; i < count; i++) {
            final ProgramOutput output = new ProgramOutput(outcome.outputs().get(i));
            values[i] = program.value(output);
            begins[i] = output.number("began_late_ns");
            ends[i] = output.number("ended_late_ns");
            error = Math.max(error, output.number("clock_error_ns"));
        }
        repetitions.add(new Repetition(values, outcome.cpuPercent(), outcome.stealPercent(), outcome.othersPercent(),
            spread(begins) + (count > 1 ? 2 * error : 0), spread(ends) + (count > 1 ? 2 * error : 0)));
    }

    private static long spread(final long[] ns) {
        return Arrays.stream(ns).max().orElseThrow() - Arrays.stream(ns).min().orElseThrow();
    }

    List<Row> rows(final int megabytes) {
        final List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final int vm = i;
            final double[] values = repetitions.stream().mapToDouble(each -> each.values()[vm]).sorted().toArray();
            final Map<String, String> params = new TreeMap<>(Map.of(IndependenceVariants.PROGRAM, program.title(),
                IndependenceVariants.VMS, Integer.toString(count), IndependenceVariants.VM, Integer.toString(vm + 1),
                IndependenceVariants.CPUS, Integer.toString(Runtime.getRuntime().availableProcessors()),
                IndependenceVariants.LEAST, text(values[0]), IndependenceVariants.MOST, text(values[values.length - 1])));
            params.put(IndependenceVariants.ALL_LEAST, text(means().min().orElseThrow()));
            params.put(IndependenceVariants.ALL_MOST, text(means().max().orElseThrow()));
            params.put(Variants.UNIT, IndependenceVariants.unit(program.bench()));
            known(params, IndependenceVariants.SHARE, each -> each.cpuPercent()[vm]);
            known(params, IndependenceVariants.STEAL, Repetition::steal);
            known(params, IndependenceVariants.OTHERS, Repetition::others);
            params.put(IndependenceVariants.SKEW, Long.toString(repetitions.stream().mapToLong(Repetition::skewNs).max().orElseThrow()));
            params.put(IndependenceVariants.END_SKEW, Long.toString(repetitions.stream().mapToLong(Repetition::endSkewNs).max().orElseThrow()));
            if (program == IndependenceProgram.STRIDE) {
                params.put(IndependenceVariants.MEGABYTES, Integer.toString(megabytes));
            }
            final boolean isHost = variant.equals(IndependenceVariants.PROCESS);
            rows.add(Row.of(program.bench(), variant, isHost ? Variants.NO_VM : "tcg", "none", params, figures(values)));
        }
        return rows;
    }

    private DoubleStream means() {
        return repetitions.stream().mapToDouble(each -> Arrays.stream(each.values()).average().orElseThrow());
    }

    /** The mean of the repetitions that know it; no parameter if none does. */
    private void known(final Map<String, String> params, final String name, final ToDoubleFunction<Repetition> of) {
        repetitions.stream().mapToDouble(of).filter(Double::isFinite).average().ifPresent(mean -> params.put(name, text(mean)));
    }

    /** Of so few values every percentile is one of them: the nearest rank. */
    private static Figures figures(final double[] sorted) {
        return new Figures(sorted.length, Arrays.stream(sorted).average().orElseThrow(), rank(sorted, 50), rank(sorted, 90),
            rank(sorted, 99), rank(sorted, 99.9),
            Math.round(sorted[sorted.length - 1]));
    }

    private static long rank(final double[] sorted, final double percent) {
        return Math.round(sorted[(int)Math.ceil(percent / 100 * sorted.length) - 1]);
    }

    private static String text(final double number) {
        return String.format(Locale.ROOT, "%.3f", number);
    }
}
