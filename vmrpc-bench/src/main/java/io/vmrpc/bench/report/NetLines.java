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
    private static final List<Head> STREAM_HEADS = List.of(new Head("", ""), new Head("host's sockets", "MB/s"), new Head("virtio-net*", "MB/s"),
        new Head("times more", ""));
    private static final List<Head> COST_HEADS = List.of(new Head("", ""), new Head("host's, by the agent", "MB"), new Head("plain Netty client", "MB"),
        new Head("times as much", ""));

    private NetLines() {
    }

    static List<Head> heads(final Scenario scenario) {
        final NetProgram program = NetProgram.of(scenario);
        return program.isCost() ? COST_HEADS : program.isStream() ? STREAM_HEADS
            : scenario.vm().equals(Variants.NO_VM) ? exchangeHeads("host's, by the agent", "plain socket")
            : Stream.concat(exchangeHeads("host's sockets", "virtio-net*", "times faster").stream(), Stream.of(new Head("C, host", Statistic.P50.label()))).toList();
    }

    private static List<Head> exchangeHeads(final String... groups) {
        return Stream.concat(Stream.of(new Head("", "")), Stream.of(groups)
            .flatMap(group -> SHOWN.stream().map(statistic -> new Head(group, statistic.label())))).toList();
    }

    static List<String> of(final Summary summary, final Scenario scenario) {
        final ScenarioRows measured = new ScenarioRows(scenario, summary.rows());
        final boolean isPlain = scenario.vm().equals(Variants.NO_VM);
        final String subject = NetComparisons.subject(scenario);
        final List<String> cells = new ArrayList<>(List.of("  " + scenario.subject()));
        if (NetProgram.of(scenario).isRate()) {
            cells.add(megabytes(measured.variant(subject)));
            cells.add(megabytes(isPlain ? NetComparisons.plain(measured) : measured.highestConventional(Statistic.MEAN)));
            cells.add(ScenarioLines.words(summary, scenario, subject, isPlain ? Baseline.PLAIN_CLIENT : Baseline.HIGHEST_CONVENTIONAL, Statistic.MEAN));
            return cells;
        }
        SHOWN.forEach(statistic -> cells.add(nanos(measured.variant(subject), statistic)));
        SHOWN.forEach(statistic -> cells.add(nanos(isPlain ? NetComparisons.plain(measured) : measured.bestConventional(statistic), statistic)));
        if (!isPlain) {
            SHOWN.forEach(statistic -> cells.add(ScenarioLines.words(summary, scenario, subject, Baseline.BEST_CONVENTIONAL, statistic)));
            cells.add(nanos(measured.variant(NetProgram.of(scenario).by(Variants.LIMIT_PREFIX)), Statistic.P50));
        }
        return cells;
    }

    /** Of what only means are known, those. */
    private static String nanos(final Optional<Row> row, final Statistic statistic) {
        return ScenarioLines.nanos(row.filter(each -> statistic == Statistic.MEAN || !NetProgram.ofVariant(each.variant()).isMeanOnly()), statistic);
    }

    private static String megabytes(final Optional<Row> row) {
        return row.map(rate -> Readable.digits(rate.figures().mean() / 1e6)).orElse(ScenarioLines.ABSENT);
    }
}
