package io.vmrpc.bench.report;

import io.vmrpc.bench.report.TextTable.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The terminal's lines of calls between two processes: all ways of one size, each with its CPU time and against VMRPC's raw call; and what idle channels cost. */
public final class PeerLines {
    static final List<Head> HEADS = List.of(new Head("", ""), new Head("round trip", "p50"), new Head("round trip", "p99"), new Head("round trip", "mean"),
        new Head("CPU of both", "a call"), new Head("p50, in calls", "of the raw channel"));

    private PeerLines() {
    }

    static List<List<String>> of(final Summary summary, final Scenario scenario) {
        final List<List<String>> lines = new ArrayList<>();
        lines.add(List.of(bytes(Long.parseLong(scenario.payload()))));
        final Optional<Row> raw = new ScenarioRows(scenario, summary.rows())
            .variant(PeerComparisons.isSpinning(scenario) ? PeerVariants.RAW_SPINNING : PeerVariants.RAW_PARKED);
        for (final Series series : Series.of(summary.rows(scenario))) {
            final Optional<Row> row = Optional.of(series.row());
            lines.add(List.of("  " + series.row().variant(), ScenarioLines.nanos(row, Statistic.P50), ScenarioLines.nanos(row, Statistic.P99),
                ScenarioLines.nanos(row, Statistic.MEAN), cpu(series.row()), times(series.row(), raw)));
        }
        return lines;
    }

    private static String cpu(final Row row) {
        final String ns = row.param(PeerVariants.CPU_NS);
        return ns.isEmpty() ? ScenarioLines.ABSENT : Readable.nanos(Double.parseDouble(ns));
    }

    private static String times(final Row row, final Optional<Row> raw) {
        return raw.isEmpty() || raw.get().figures().p50() == 0 ? ScenarioLines.ABSENT
            : Readable.ratio((double)row.figures().p50() / raw.get().figures().p50(), !row.variant().startsWith(Variants.VMRPC_PREFIX));
    }

    /**
     * What one more channel costs that waits for something, and one more session.
     *
     * @param rows of a run, among them those of the bench {@link PeerVariants#CHANNELS}.
     * @return a table for a terminal; empty if there are none.
     */
    public static String idle(final List<Row> rows) {
        final TextTable table = new TextTable(Ink.PLAIN, List.of(new Head("", "one more, idle"), new Head("CPU", "a second"), new Head("memory", "in the region"),
            new Head("memory", "agent, resident"), new Head("memory", "agent, heap")));
        boolean isEmpty = true;
        for (final String what : List.of("channel", "session")) {
            final Optional<Row> cpu = row(rows, what + "-cpu");
            if (cpu.isPresent()) {
                isEmpty = false;
                table.add(List.of(what + " (of " + cpu.get().param("count") + ")", Readable.nanos(cpu.get().figures().mean()), memory(rows, what + "-region"),
                    memory(rows, what + "-resident"), memory(rows, what + "-heap")));
            }
        }
        return isEmpty ? "" : "\nWhat waits costs: each channel with one withheld request, the agent sleeps\n" + table.render();
    }

    private static Optional<Row> row(final List<Row> rows, final String variant) {
        return rows.stream().filter(row -> row.bench().equals(PeerVariants.CHANNELS) && row.variant().equals(variant)).findFirst();
    }

    private static String memory(final List<Row> rows, final String variant) {
        return row(rows, variant).map(row -> bytes(Math.round(row.figures().mean()))).orElse(ScenarioLines.ABSENT);
    }

    /** For example "16 KiB"; exact below 10 KiB. */
    private static String bytes(final long count) {
        if (count < 10_240) {
            return String.format(Locale.ROOT, "%,d bytes", count);
        }
        return count < 1 << 20 ? Readable.digits(count / 1024.0).replaceFirst("\\.0+$", "") + " KiB"
            : Readable.digits(count / 1048576.0).replaceFirst("\\.0+$", "") + " MiB";
    }
}
