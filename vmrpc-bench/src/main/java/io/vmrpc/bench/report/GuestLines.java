package io.vmrpc.bench.report;

import io.vmrpc.bench.report.Comparison.Baseline;
import io.vmrpc.bench.report.TextTable.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The terminal's lines of programs in a guest: one for each mode, and one for the host's own. */
final class GuestLines {
    private static final List<Statistic> SHOWN = List.of(Statistic.MEAN, Statistic.P99, Statistic.MAX);
    static final List<Head> HEADS = Stream.concat(Stream.of(new Head("", "")), Stream.of("with VMRPC", "best of three*", "times lower")
        .flatMap(group -> SHOWN.stream().map(statistic -> new Head(group, statistic.label())))).toList();

    private GuestLines() {
    }

    static List<List<String>> of(final Summary summary, final Scenario scenario) {
        final ScenarioRows measured = new ScenarioRows(scenario, summary.rows());
        final List<List<String>> lines = new ArrayList<>();
        for (final String mode : Variants.MODES) {
            final Optional<Row> ours = measured.vmrpc(mode);
            if (ours.isPresent()) {
                lines.add(line(scenario.subject() + ", " + mode, statistic -> ScenarioLines.nanos(ours, statistic),
                    statistic -> ScenarioLines.nanos(measured.bestConventional(statistic), statistic),
                    statistic -> ScenarioLines.words(summary, scenario, mode, Baseline.BEST_CONVENTIONAL, statistic)));
            }
        }
        if (lines.isEmpty()) {
            lines.add(line(scenario.subject(), statistic -> ScenarioLines.ABSENT,
                statistic -> ScenarioLines.nanos(measured.bestConventional(statistic), statistic), statistic -> ScenarioLines.ABSENT));
        }
        measured.variant(Variants.CYCLICTEST_HOST).ifPresent(host -> lines.add(line(scenario.subject() + ", the host's",
            statistic -> ScenarioLines.nanos(Optional.of(host), statistic), statistic -> ScenarioLines.ABSENT, statistic -> ScenarioLines.ABSENT)));
        return lines;
    }

    private interface Cell {
        String of(Statistic statistic);
    }

    private static List<String> line(final String name, final Cell... groups) {
        final List<String> cells = new ArrayList<>(List.of("  " + name));
        for (final Cell group : groups) {
            SHOWN.forEach(statistic -> cells.add(group.of(statistic)));
        }
        return cells;
    }
}
