package io.vmrpc.bench.report;

import io.vmrpc.bench.report.Comparison.Baseline;
import io.vmrpc.bench.report.TextTable.Head;
import java.util.ArrayList;
import java.util.List;

/** The terminal's lines of operations on files of the host. */
final class FileLines {
    private static final List<Statistic> SHOWN = List.of(Statistic.MEAN, Statistic.P50, Statistic.P99);
    static final List<Head> HEADS = List.of(new Head("", ""), head("file service", Statistic.MEAN), head("file service", Statistic.P50),
        head("file service", Statistic.P99), head("9p*", Statistic.MEAN), head("9p*", Statistic.P50), head("9p*", Statistic.P99),
        head("times faster", Statistic.MEAN), head("times faster", Statistic.P50), head("times faster", Statistic.P99));

    private FileLines() {
    }

    private static Head head(final String group, final Statistic statistic) {
        return new Head(group, statistic.label());
    }

    static List<String> of(final Summary summary, final Scenario scenario) {
        final ScenarioRows measured = new ScenarioRows(scenario, summary.rows());
        final String subject = FileComparisons.subject(scenario);
        final List<String> cells = new ArrayList<>(List.of("  " + scenario.subject()));
        SHOWN.forEach(statistic -> cells.add(ScenarioLines.nanos(measured.variant(subject), statistic)));
        SHOWN.forEach(statistic -> cells.add(ScenarioLines.nanos(measured.bestConventional(statistic), statistic)));
        SHOWN.forEach(statistic -> cells.add(ScenarioLines.words(summary, scenario, subject, Baseline.BEST_CONVENTIONAL, statistic)));
        return cells;
    }
}
