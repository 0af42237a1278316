package io.vmrpc.bench.report;

import io.vmrpc.bench.report.Comparison.Baseline;
import io.vmrpc.bench.report.TextTable.Head;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The comparisons for a terminal: a table for each program of a guest, one for timers, one for calls into a host, one for loopback. */
final class ScenarioLines {
    static final String ABSENT = "-";
    private static final List<Head> TIMER_HEADS = List.of(new Head("", ""), new Head("long polling", "p50"), new Head("long polling", "p99"),
        new Head("best of three*", "p50"), new Head("best of three*", "p99"), new Head("times better", "p50"), new Head("times better", "p99"),
        new Head("p99 against", "untouched"), new Head("p99 against", "cyclictest"), new Head("host CPU", "kept, %"));
    private static final List<Head> KVM_HEADS = List.of(new Head("", ""), new Head("lateness", "p50"), new Head("lateness", "p99"),
        new Head("lateness", "p99.9"), new Head("cyclictest", "p50"), new Head("times as long", "p50"), new Head("times as long", "p99"));
    private static final List<Head> CALL_HEADS = List.of(new Head("", ""), new Head("VMRPC", "p50"), new Head("VMRPC", "p99"),
        new Head("TCP over virtio-net*", "p50"), new Head("TCP over virtio-net*", "p99"), new Head("times faster", "p50"), new Head("times faster", "p99"));
    private static final List<Head> LOOPBACK_HEADS = List.of(new Head("", ""), new Head("VMRPC", "p50"), new Head("VMRPC", "p99"),
        new Head("C ping-pong", "p50"), new Head("C ping-pong", "p99"), new Head("times as long", "p50"));
    private static final String NOTE = "* untouched, vcpu-fifo (real-time priority for that vCPU's thread) or all-fifo (for all of the VM's"
        + " threads): at each statistic the best of them. -: not measured, or not judged by a quick run.";
    private static final String TIMER_NOTE = " untouched: its p99 / ours; cyclictest: our p99 / the host's own."
        + " Host CPU kept: share left to an ordinary host process, ours / theirs.";

    private final Summary summary;
    private final Ink ink;

    private ScenarioLines(final Summary summary, final Ink ink) {
        this.summary = summary;
        this.ink = ink;
    }

    static String tables(final Summary summary, final Ink ink) {
        return new ScenarioLines(summary, ink).tables();
    }

    private String tables() {
        final Map<String, List<Scenario>> sections = new LinkedHashMap<>();
        summary.scenarios().forEach(scenario -> sections.computeIfAbsent(scenario.section(), title -> new ArrayList<>()).add(scenario));
        final StringBuilder out = new StringBuilder();
        boolean conventional = false;
        for (final Map.Entry<String, List<Scenario>> section : sections.entrySet()) {
            out.append('\n').append(ink.bold(Ink.clean(section.getKey()))).append('\n').append(table(section.getValue()));
            conventional |= !section.getValue().get(0).vm().equals(Variants.NO_VM) && !section.getValue().get(0).isKvm()
                && !section.getValue().get(0).bench().equals(Variants.EXIT);
        }
        final boolean timers = summary.scenarios().stream().anyMatch(scenario -> scenario.bench().equals(Variants.TIMER));
        return conventional ? out.append('\n').append(ink.dim(TerminalTable.wrapped(NOTE + (timers ? TIMER_NOTE : ""), ""))).append('\n').toString()
            : out.toString();
    }

    private String table(final List<Scenario> section) {
        final Scenario first = section.get(0);
        final boolean loopback = first.vm().equals(Variants.NO_VM);
        final TextTable table = new TextTable(ink, switch (first.bench()) {
            case Variants.TIMER -> first.isKvm() ? KVM_HEADS : TIMER_HEADS;
            case Variants.RPC -> loopback ? LOOPBACK_HEADS : CALL_HEADS;
            case Variants.GUEST -> GuestLines.HEADS;
            case Variants.NET -> NetLines.heads(first);
            case Variants.FILE -> FileLines.HEADS;
            case PeerVariants.PEERS -> PeerLines.HEADS;
            default -> CALL_HEADS.subList(0, 3);
        });
        String load = "";
        for (final Scenario scenario : section) {
            if (!scenario.load().equals(load) && !scenario.bench().equals(PeerVariants.PEERS)) {
                table.add(List.of(scenario.loadWords()));
                load = scenario.load();
            }
            switch (scenario.bench()) {
                case Variants.TIMER -> {
                    if (scenario.isKvm()) {
                        kvm(scenario).forEach(table::add);
                    } else {
                        table.add(timer(scenario));
                    }
                }
                case Variants.RPC -> {
                    table.add(call(scenario, Variants.VMRPC_PARKED, loopback ? Baseline.FUTEX_LIMIT : Baseline.BEST_CONVENTIONAL));
                    table.add(call(scenario, Variants.VMRPC_SPINNING, loopback ? Baseline.SPIN_LIMIT : Baseline.BEST_CONVENTIONAL));
                }
                case Variants.GUEST -> GuestLines.of(summary, scenario).forEach(table::add);
                case Variants.NET -> table.add(NetLines.of(summary, scenario));
                case Variants.FILE -> table.add(FileLines.of(summary, scenario));
                case PeerVariants.PEERS -> PeerLines.of(summary, scenario).forEach(table::add);
                default -> summary.rows(scenario).forEach(row -> table.add(List.of("  " + Series.name(row),
                    nanos(Optional.of(row), Statistic.P50), nanos(Optional.of(row), Statistic.P99))));
            }
        }
        return table.render();
    }

    private List<String> timer(final Scenario scenario) {
        final ScenarioRows measured = new ScenarioRows(scenario, summary.rows());
        final String longPoll = TimerComparisons.longPoll(scenario);
        final Optional<Row> ours = measured.variant(longPoll);
        final Optional<Row> theirs = measured.bestConventional(Statistic.P99);
        return List.of("  " + scenario.subject().replace(" timer", ""), nanos(ours, Statistic.P50), nanos(ours, Statistic.P99),
            nanos(measured.bestConventional(Statistic.P50), Statistic.P50), nanos(theirs, Statistic.P99),
            ratio(scenario, longPoll, Baseline.BEST_CONVENTIONAL, Statistic.P50),
            ratio(scenario, longPoll, Baseline.BEST_CONVENTIONAL, Statistic.P99),
            ratio(scenario, longPoll, Baseline.UNTOUCHED_CONVENTIONAL, Statistic.P99),
            ratio(scenario, longPoll, Baseline.CYCLICTEST, Statistic.P99), share(ours) + "/" + share(theirs));
    }

    private List<List<String>> kvm(final Scenario scenario) {
        final ScenarioRows measured = new ScenarioRows(scenario, summary.rows());
        final Optional<Row> limit = measured.variant(Variants.HOST_CYCLICTEST);
        return Variants.KVM_TIMERS.stream().filter(variant -> measured.variant(variant).isPresent())
            .map(variant -> List.of("  " + scenario.subject().replace(" timer", "") + ", " + Series.name(measured.variant(variant).orElseThrow()),
                nanos(measured.variant(variant), Statistic.P50), nanos(measured.variant(variant), Statistic.P99),
                nanos(measured.variant(variant), Statistic.P999), nanos(limit, Statistic.P50),
                ratio(scenario, variant, Baseline.CYCLICTEST, Statistic.P50), ratio(scenario, variant, Baseline.CYCLICTEST, Statistic.P99))).toList();
    }

    private List<String> call(final Scenario scenario, final String variant, final Baseline baseline) {
        final ScenarioRows measured = new ScenarioRows(scenario, summary.rows());
        final Optional<Row> ours = measured.variant(variant);
        final boolean loopback = baseline != Baseline.BEST_CONVENTIONAL;
        final Optional<Row> limit = measured.variant(baseline == Baseline.SPIN_LIMIT ? Variants.LIMIT_SPIN : Variants.LIMIT_FUTEX);
        final List<String> cells = new ArrayList<>(List.of(
            "  " + (variant.equals(Variants.VMRPC_PARKED) ? "parked " : "spinning ") + scenario.subject(),
            nanos(ours, Statistic.P50), nanos(ours, Statistic.P99),
            nanos(loopback ? limit : measured.bestConventional(Statistic.P50), Statistic.P50),
            nanos(loopback ? limit : measured.bestConventional(Statistic.P99), Statistic.P99),
            ratio(scenario, variant, baseline, Statistic.P50)));
        if (!loopback) {
            cells.add(ratio(scenario, variant, baseline, Statistic.P99));
        }
        return cells;
    }

    private String ratio(final Scenario scenario, final String subject, final Baseline baseline, final Statistic statistic) {
        return words(summary, scenario, subject, baseline, statistic);
    }

    static String words(final Summary summary, final Scenario scenario, final String subject, final Baseline baseline, final Statistic statistic) {
        return summary.comparison(scenario, subject, baseline, statistic).filter(comparison -> comparison.ratio().isPresent())
            .map(Comparison::words).orElse(ABSENT);
    }

    static String nanos(final Optional<Row> row, final Statistic statistic) {
        return row.map(measured -> Readable.nanos(statistic.of(measured.figures()))).orElse(ABSENT);
    }

    private static String share(final Optional<Row> row) {
        final String share = row.map(measured -> Readable.share(measured.param(Variants.HOST_SHARE))).orElse("");
        return share.isEmpty() ? ABSENT : share.replace(" %", "");
    }
}
