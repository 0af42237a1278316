package io.vmrpc.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The comparisons of one run: VMRPC against the conventional ways and against the machine's limits.
 *
 * <p>A row without samples counts as not measured; what idle channels cost, controls and time series are no matter of comparison and stay
 * out. If a run holds a measurement twice, the later one counts.
 */
public final class Summary {
    /** Benches that are shown in a way of their own. */
    private static final Set<String> APART = Set.of(PeerVariants.CHANNELS, ControlVariants.CONTROL, TimelineVariants.TIMELINE);
    private final List<Row> measured;
    private final List<Chapter> chapters;
    private final List<Row> rows;
    private final Depth depth;
    private final List<Scenario> scenarios;
    /** Also of percentiles beyond the depth: they tell which targets a deeper run of the same rows would judge. */
    private final List<Comparison> compared = new ArrayList<>();

    private Summary(final List<Row> rows, final Depth depth, final List<Chapter> all) {
        measured = rows.stream().filter(row -> row.figures().count() > 0).toList();
        this.rows = measured.stream().filter(row -> !APART.contains(row.bench()) && !Chapters.covers(all, row.bench())).toList();
        this.chapters = all.stream().filter(chapter -> !Chapters.rows(chapter, measured).isEmpty()).toList();
        this.depth = depth;
        this.scenarios = this.rows.stream().filter(row -> !Variants.isReference(row)).map(Scenario::of).distinct()
            .sorted(ScenarioOrder.AS_READ).toList();
        for (final Scenario scenario : scenarios) {
            final ScenarioRows measured = new ScenarioRows(scenario, this.rows);
            switch (scenario.bench()) {
                case Variants.TIMER -> compared.addAll(scenario.isKvm() ? KvmComparisons.of(measured, Depth.FULL) : TimerComparisons
                    .of(measured, Depth.FULL));
                case Variants.RPC -> compared.addAll(RpcComparisons.of(measured, Depth.FULL));
                case Variants.GUEST -> compared.addAll(GuestComparisons.of(measured));
                case Variants.NET -> compared.addAll(NetComparisons.of(measured));
                case Variants.FILE -> compared.addAll(FileComparisons.of(measured));
                case PeerVariants.PEERS -> compared.addAll(PeerComparisons.of(measured));
                default -> { } // Other benches have curves and rows, and no promises here.
            }
        }
    }

    /**
     * Compares the rows of one run.
     *
     * @param rows  of one run, in the order measured
     * @param depth how far into the tail to judge
     * @return the comparisons
     */
    public static Summary of(final List<Row> rows, final Depth depth) {
        return of(rows, depth, Chapters.all());
    }

    static Summary of(final List<Row> rows, final Depth depth, final List<Chapter> chapters) {
        return new Summary(rows, depth, chapters);
    }

    /** {@return the chapters that have rows, in reading order} */
    List<Chapter> chapters() {
        return chapters;
    }

    /** {@return how far this run judges} */
    public Depth depth() {
        return depth;
    }

    /** {@return every row that has samples, those of chapters as well} */
    List<Row> measured() {
        return measured;
    }

    /** {@return every row that has samples and is compared, in the order measured} */
    public List<Row> rows() {
        return rows;
    }

    /** {@return what was compared, in reading order} */
    public List<Scenario> scenarios() {
        return scenarios;
    }

    /**
     * The rows of a comparison, the machine's limits included.
     *
     * @param scenario one of {@link #scenarios}
     * @return in the order measured
     */
    public List<Row> rows(final Scenario scenario) {
        return rows.stream().filter(scenario::holds).toList();
    }

    /** {@return all comparisons that this depth judges, in reading order} */
    public List<Comparison> comparisons() {
        return compared.stream().filter(comparison -> inDepth(comparison.statistic())).toList();
    }

    /**
     * One ratio.
     *
     * @param scenario   one of {@link #scenarios}
     * @param subject    the variant that is judged
     * @param baseline   what it is judged against
     * @param statistic  of both
     * @return the ratio; empty if this summary does not make the comparison
     */
    public Optional<Comparison> comparison(final Scenario scenario, final String subject, final Comparison.Baseline baseline,
                                           final Statistic statistic) {
        return comparisons().stream().filter(comparison -> comparison.scenario().equals(scenario)
            && comparison.subject().equals(subject) && comparison.baseline() == baseline
            && comparison.statistic() == statistic).findFirst();
    }

    /** {@return every target with its verdict, also those for which nothing was measured} */
    public List<TargetResult> targets() {
        return Arrays.stream(Target.values()).map(target -> new TargetResult(target,
            compared.stream().filter(comparison -> comparison.target().filter(target::equals).isPresent()).toList(),
            inDepth(target.statistic()))).toList();
    }

    private boolean inDepth(final Statistic statistic) {
        return depth.judges(statistic);
    }

    /** {@return up to three sentences with the run's main result} */
    public String headline() {
        return String.join(" ", Headline.sentences(this));
    }
}
