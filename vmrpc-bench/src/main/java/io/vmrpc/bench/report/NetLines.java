package io.vmrpc.bench.report;

import io.vmrpc.bench.report.Comparison.Baseline;
import io.vmrpc.bench.report.TextTable.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The terminal's lines of exchanges with a peer on the network, and of streams to it. */
final class NetLines {
    private static final List<Statistic> SHOWN = List.of(Statistic.MEAN, Statistic.P50, Statistic.P999);
    private static final List<Head> RATE_HEADS = List.of(new Head("", ""), new Head("host's sockets", "MB/s"), new Head("virtio-net*", "MB/s"),
        new Head("times more", ""));

    private NetLines() {
    }

    static List<Head> heads(final Scenario scenario) {
        return NetComparisons.isRate(scenario) ? RATE_HEADS : scenario.vm().equals(Variants.NO_VM) ? exchangeHeads("host's, by the agent", "plain socket")
            : exchangeHeads("host's sockets", "virtio-net*", "times faster");
    }

    private static List<Head> exchangeHeads(final String... groups) {
        return Stream.concat(Stream.of(new Head("", "")), Stream.of(groups)
            .flatMap(group -> SHOWN.stream().map(statistic -> new Head(group, statistic.label())))).toList();
    }

    static List<String> of(final Summary summary, final Scenario scenario) {
        final ScenarioRows measured = new ScenarioRows(scenario, summary.rows());
        final String subject = NetComparisons.subject(scenario);
        final List<String> cells = new ArrayList<>(List.of("  " + scenario.subject()));
        if (NetComparisons.isRate(scenario)) {
            cells.add(megabytes(measured.variant(subject)));
            cells.add(megabytes(measured.highestConventional(Statistic.MEAN)));
            cells.add(ScenarioLines.words(summary, scenario, subject, Baseline.HIGHEST_CONVENTIONAL, Statistic.MEAN));
            return cells;
        }
        SHOWN.forEach(statistic -> cells.add(ScenarioLines.nanos(measured.variant(subject), statistic)));
        SHOWN.forEach(statistic -> cells.add(ScenarioLines.nanos(measured.bestConventional(statistic).or(() -> measured.variant(Variants.HOST_UDP)), statistic)));
        if (scenario.vm().equals(Variants.NO_VM)) {
            return cells;
        }
        SHOWN.forEach(statistic -> cells.add(ScenarioLines.words(summary, scenario, subject, Baseline.BEST_CONVENTIONAL, statistic)));
        return cells;
    }

    private static String megabytes(final Optional<Row> row) {
        return row.map(rate -> Readable.digits(rate.figures().mean() / 1e6)).orElse(ScenarioLines.ABSENT);
    }
}
