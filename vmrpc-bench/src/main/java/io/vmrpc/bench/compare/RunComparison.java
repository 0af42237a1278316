package io.vmrpc.bench.compare;

import io.vmrpc.bench.compare.Change.Verdict;
import io.vmrpc.bench.report.Disturbances;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Spread;
import io.vmrpc.bench.report.Statistic;
import io.vmrpc.bench.report.TimelineVariants;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Two runs against each other, figure by figure. Rows are the same measurement if bench, variant, vm, load and given parameters are; of a
 * row measured twice the
 * later one counts. Control measurements tell about the machine, and the seconds of a time series are too short to compare.
 */
public final class RunComparison {
    /** Above this many times as many samples it is another kind of run. */
    private static final double OTHER_DEPTH = 3;
    private final Map<RowKey, Row> before;
    private final Map<RowKey, Row> after;
    private final MachineChange machine;
    private final List<Change> changes = new ArrayList<>();

    private RunComparison(final List<Row> old, final List<Row> fresh) {
        before = compared(old);
        after = compared(fresh);
        machine = MachineChange.between(old, fresh);
        before.forEach((key, row) -> {
            final Row other = after.get(key);
            if (other != null) {
                Spread.OF.stream().filter(statistic -> canBeCompared(statistic, row, other))
                    .forEach(statistic -> changes.add(Change.of(key, statistic, row, other, machine)));
            }
        });
    }

    /**
     * Compares.
     *
     * @param old rows of a run
     * @param fresh rows of a later one
     * @return what changed
     */
    public static RunComparison of(final List<Row> old, final List<Row> fresh) {
        return new RunComparison(old, fresh);
    }

    /**
     * The figures of one verdict.
     *
     * @param verdict any
     * @return those that changed most first
     */
    public List<Change> changes(final Verdict verdict) {
        return changes.stream().filter(change -> change.verdict() == verdict)
            .sorted(Comparator.comparingDouble((Change change) -> Math.abs(Math.log(change.times()))).reversed()).toList();
    }

    /** {@return whether no row of the one is in the other} */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    int pairs() {
        return (int)before.keySet().stream().filter(after::containsKey).count();
    }

    List<String> onlyBefore() {
        return before.keySet().stream().filter(key -> !after.containsKey(key)).map(RowKey::words).toList();
    }

    List<String> onlyAfter() {
        return after.keySet().stream().filter(key -> !before.containsKey(key)).map(RowKey::words).toList();
    }

    /** {@return the benches of the old run} */
    public Set<String> benchesBefore() {
        return benches(before);
    }

    /** {@return the benches of the new run} */
    public Set<String> benchesAfter() {
        return benches(after);
    }

    MachineChange machine() {
        return machine;
    }

    /** How many times as many samples a row has in the new run, at the median; 1 if both are of one kind. */
    double depthChange() {
        final double[] ratios = before.keySet().stream().filter(after::containsKey)
            .mapToDouble(key -> (double)after.get(key).figures().count() / before.get(key).figures().count()).sorted().toArray();
        final double median = ratios.length == 0 ? 1 : ratios[ratios.length / 2];
        return median > OTHER_DEPTH || median < 1 / OTHER_DEPTH ? median : 1;
    }

    private static boolean canBeCompared(final Statistic statistic, final Row before, final Row after) {
        return statistic != Statistic.P99 || Math.min(before.figures().count(), after.figures().count()) >= Noise.SAMPLES_FOR_P99;
    }

    private static Map<RowKey, Row> compared(final List<Row> rows) {
        return rows.stream().filter(row -> row.figures().count() > 0 && !Disturbances.isControl(row)
            && !row.bench().equals(TimelineVariants.TIMELINE))
            .collect(Collectors.toMap(RowKey::of, row -> row, (first, later) -> later, LinkedHashMap::new));
    }

    private static Set<String> benches(final Map<RowKey, Row> rows) {
        return rows.keySet().stream().map(RowKey::bench).collect(Collectors.toCollection(TreeSet::new));
    }
}
