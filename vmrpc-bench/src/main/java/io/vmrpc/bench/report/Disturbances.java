package io.vmrpc.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which parts of a run were disturbed by the machine: those beside which a control measurement is far from the run's own median. Rows stand
 * in the order
 * measured, so a row's controls are the last before it and the first after it.
 */
public final class Disturbances {
    /**
     * CPU work at the median, times the median of all controls. The clock of a CPU does not change that much; a neighbour on the same core
     * does that.
     */
    static final double WORK_FACTOR = 1.25;
    /** CPU work on average, times the median of all controls' medians: above it something else was using the CPU. */
    static final double BUSY_FACTOR = 1.5;
    /** Wake-ups at the median, likewise. How deeply a hypervisor puts CPUs to sleep makes it two and a half times by itself. */
    static final double WAKE_UP_FACTOR = 3;
    /** Wake-ups at p99, likewise. */
    static final double TAIL_FACTOR = 5;
    /** Stolen CPU time, above the median of all controls. */
    static final double STEAL_ABOVE_PPM = 30_000;
    /** How it is told what was disturbed, for the report. */
    public static final String METHOD = String.format(Locale.ROOT, "Control: before, between and after the parts, while nothing else "
        + "runs, the same CPU work and the host's cyclictest are "
        + "measured for three seconds. A part is marked as disturbed if beside it the work took more than %s times the run's median "
        + "or that much less, or on average more than %s times, which something else on the CPU makes, cyclictest's p50 more "
        + "than %s times or its p99 more than %s times, or if the hypervisor below took %s %% of the CPU time more than usual in this run.",
        WORK_FACTOR, BUSY_FACTOR, plain(WAKE_UP_FACTOR), plain(TAIL_FACTOR), plain(STEAL_ABOVE_PPM / 1e4));
    /** With fewer there is no median to deviate from. */
    private static final int FEWEST = 3;

    private final Map<Integer, Map<String, Row>> controls = new TreeMap<>();

    private Disturbances(final List<Row> rows) {
        for (final Row row : rows) {
            if (isControl(row)) {
                controls.computeIfAbsent(number(row), number -> new LinkedHashMap<>()).put(row.variant(), row);
            }
        }
    }

    /**
     * Marks what was disturbed.
     *
     * @param rows of one run, in the order measured
     * @return the same rows; those of disturbed parts have the parameter {@link ControlVariants#DISTURBED}, which says why
     */
    public static List<Row> marked(final List<Row> rows) {
        final Disturbances found = new Disturbances(rows);
        if (found.controls.size() < FEWEST) {
            return rows;
        }
        final Map<Integer, String> complaints = new TreeMap<>();
        found.controls.keySet().forEach(number -> found.complaint(number).ifPresent(words -> complaints.put(number, words)));
        final List<Row> marked = new ArrayList<>(rows.size());
        int before = 0;
        for (final Row row : rows) {
            before = isControl(row) ? number(row) : before;
            final String why = isControl(row) ? complaints.getOrDefault(before, "") : beside(complaints, before, found.controls.keySet());
            marked.add(why.isEmpty() || !row.param(ControlVariants.DISTURBED).isEmpty() ? row
                : row.withParam(ControlVariants.DISTURBED, why));
        }
        return marked;
    }

    /**
     * What disturbed a row.
     *
     * @param row of a run that was marked
     * @return words; empty if nothing did
     */
    public static String of(final Row row) {
        return row.param(ControlVariants.DISTURBED);
    }

    /**
     * Whether it belongs to a control measurement.
     *
     * @param row any
     * @return whether it does
     */
    public static boolean isControl(final Row row) {
        return row.bench().equals(ControlVariants.CONTROL) && row.param(ControlVariants.NUMBER).matches("\\d{1,6}");
    }

    static int number(final Row control) {
        return Integer.parseInt(control.param(ControlVariants.NUMBER));
    }

    /**
     * Of rows between this control and the next. Rows before the first control have none before them; what is stolen counts to the part
     * that it was stolen from.
     */
    private static String beside(final Map<Integer, String> complaints, final int before, final Collection<Integer> numbers) {
        final List<String> words = new ArrayList<>();
        Optional.ofNullable(complaints.get(before)).map(Disturbances::withoutSteal)
            .filter(text -> !text.isEmpty()).ifPresent(text -> words.add("before it: " + text));
        numbers.stream().filter(number -> number > before).findFirst()
            .map(complaints::get).ifPresent(text -> words.add("after it: " + text));
        return String.join("; ", words);
    }

    private static String withoutSteal(final String complaint) {
        return String.join(", ", Arrays.stream(complaint.split(", ")).filter(words -> !words.endsWith("stolen")).toList());
    }

    private Optional<String> complaint(final int number) {
        final List<String> words = new ArrayList<>();
        times(number, ControlVariants.WORK, Statistic.P50, WORK_FACTOR, "CPU work").ifPresent(words::add);
        times(number, ControlVariants.WORK, Statistic.MEAN, BUSY_FACTOR, "CPU work on average").ifPresent(words::add);
        times(number, ControlVariants.WAKE_UP, Statistic.P50, WAKE_UP_FACTOR, "cyclictest p50").ifPresent(words::add);
        times(number, ControlVariants.WAKE_UP, Statistic.P99, TAIL_FACTOR, "cyclictest p99").ifPresent(words::add);
        final Row steal = controls.get(number).get(ControlVariants.STEAL);
        if (steal != null && steal.figures().mean() > median(ControlVariants.STEAL, Statistic.MEAN) + STEAL_ABOVE_PPM) {
            words.add(String.format(Locale.ROOT, "%.1f %% of CPU time stolen", steal.figures().mean() / 1e4));
        }
        return words.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", words));
    }

    /** A faster CPU than usual is as suspicious as a slower one; nobody is disturbed by wake-ups that come sooner. */
    private Optional<String> times(final int number, final String variant, final Statistic statistic, final double factor,
        final String name) {
        final Row row = controls.get(number).get(variant);
        final double median = median(variant, statistic == Statistic.MEAN ? Statistic.P50 : statistic);
        if (row == null || median <= 0) {
            return Optional.empty();
        }
        final double times = statistic.of(row.figures()) / median;
        return times > factor || variant.equals(ControlVariants.WORK) && statistic == Statistic.P50 && times < 1 / factor
            ? Optional.of(String.format(Locale.ROOT, "%s %.1f times the run's median", name, times)) : Optional.empty();
    }

    private double median(final String variant, final Statistic statistic) {
        final double[] values = controls.values().stream().filter(control -> control.containsKey(variant))
            .mapToDouble(control -> statistic.of(control.get(variant).figures())).sorted().toArray();
        return values.length == 0 ? 0 : (values[(values.length - 1) / 2] + values[values.length / 2]) / 2;
    }

    private static String plain(final double number) {
        return number == Math.rint(number) ? Long.toString((long)number) : Double.toString(number);
    }
}
