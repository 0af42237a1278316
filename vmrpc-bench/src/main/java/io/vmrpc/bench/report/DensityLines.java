package io.vmrpc.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The chapter on many control loops at once. Stateless. */
final class DensityLines implements Chapter {
    private static final Map<String, String> KINDS = new LinkedHashMap<>();
    /** VMs of the published report, on four CPUs. */
    private static final int PUBLISHED_VMS_PER_CPU = 10;

    static {
        KINDS.put(DensityVariants.QEMU, "QEMU processes, a freestanding guest in each");
        KINDS.put(DensityVariants.LOOPBACK, "loopback sessions");
        KINDS.put(DensityVariants.HOST_THREADS, "C threads of the host");
        KINDS.put(DensityVariants.HOST_JAVA, "Java threads of the host");
        KINDS.put(DensityVariants.LOOPBACK_GC, "loopback sessions, garbage collection in the agent");
        KINDS.put(DensityVariants.ON_RT, "loopback sessions, an emulated PREEMPT_RT Linux as their host");
    }

    @Override
    public Set<String> benches() {
        return Set.of(DensityVariants.DENSITY);
    }

    @Override
    public String title() {
        return "Density: many control loops on one machine";
    }

    @Override
    public String question() {
        return "How many control loops of 10 ms does this machine bear, and what breaks first? Each cycle waits for its time and " +
            "exchanges one UDP packet with a peer, which is on this machine and stands for another one. Guests and sessions wait in " +
            "parks and use sockets of one agent with one thread; conventional threads sleep in the kernel and have sockets of their own. All " +
            "loops are SCHED_FIFO and on any CPU. Their cycles are spread evenly over the period, but for the row that says together. A " +
            "kind has broken when lateness at p99 exceeds 1 ms, more than 1 % of the cycles are missed (no answer before the next cycle, " +
            "or no start) or 95 % of all CPUs are used; that is measured once more, and if it breaks again larger sizes are not measured.";
    }

    @Override
    public String command() {
        return "./vmrpc bench density";
    }

    @Override
    public List<String> findings(final List<Row> rows) {
        final List<String> findings = new ArrayList<>();
        for (final Map.Entry<String, String> kind : KINDS.entrySet()) {
            final List<Row> levels = levels(rows, kind.getKey()).filter(row -> !DensityLimit.isTogether(row)).toList();
            if (!levels.isEmpty()) {
                findings.add(finding(kind.getValue(), levels));
            }
        }
        published(rows).ifPresent(findings::add);
        levels(rows, DensityVariants.LOOPBACK_GC).forEach(row -> findings.add(collecting(rows, row)));
        if (rows.stream().anyMatch(DensityLimit::isDisturbed)) {
            findings.add("Lines marked as disturbed were measured while others used the machine: CPU that they used just before is " +
                "more than 15 % of it. Repeat the run on a quiet machine.");
        }
        return findings;
    }

    @Override
    public Optional<Tile> tile(final List<Row> rows) {
        return last(levels(rows, DensityVariants.QEMU).filter(row -> !DensityLimit.breaks(row) && !DensityLimit.isTogether(row))).map(row -> new Tile(
            row.param(DensityVariants.LOOPS), String.format(Locale.ROOT, "real-time guests keep a 10 ms loop on %.0f CPUs, late by %s at p99", DensityLimit.cpus(row),
            Readable.nanos(row.figures().p99()))));
    }

    private static Stream<Row> levels(final List<Row> rows, final String variant) {
        return rows.stream().filter(row -> row.variant().equals(variant) && DensityLimit.isLateness(row));
    }

    private static String finding(final String kind, final List<Row> levels) {
        final Optional<Row> kept = last(levels.stream().filter(row -> !DensityLimit.breaks(row)));
        final double most = kept.map(DensityLines::loops).orElse(0.0);
        final Optional<Row> broken = last(levels.stream().filter(row -> DensityLimit.breaks(row) && loops(row) > most));
        final String good = kept.map(row -> row.param(DensityVariants.LOOPS) + " keep their time: lateness p99 " +
            Readable.nanos(row.figures().p99()) + ", " + DensityLimit.percent(DensityLimit.missed(row)) + " of the cycles missed, "
            + cpus(row)).orElse("none of the sizes measured keeps its time");
        return capital(kind) + ": " + good + "; " + broken.map(row -> DensityLimit.what(row) + ", because " + DensityLimit.why(row))
            .orElse("larger numbers were not measured, so where it breaks is not known") + ".";
    }

    private static Optional<Row> last(final Stream<Row> rows) {
        return rows.reduce((first, last) -> last);
    }

    private static double loops(final Row row) {
        return DensityLimit.cpu(row, DensityVariants.LOOPS);
    }

    private static String cpus(final Row row) {
        return String.format(Locale.ROOT, "%.2f of %.0f CPUs used", DensityLimit.cpu(row, DensityVariants.CPU_TOTAL),
            DensityLimit.cpus(row));
    }

    private static String capital(final String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static Optional<String> published(final List<Row> rows) {
        return last(levels(rows, DensityVariants.QEMU).filter(row -> !DensityLimit.breaks(row) && !DensityLimit.isTogether(row)))
            .map(row -> String.format(Locale.ROOT, "Published for comparison: 40 real-time VMs on 4 CPUs, %d for each. Here %.0f for " +
                "each CPU, with guests that have no operating " +
                "system of their own and so cost less.", PUBLISHED_VMS_PER_CPU, loops(row) / DensityLimit.cpus(row)));
    }

    private static String collecting(final List<Row> rows, final Row late) {
        final String packets = rows.stream().filter(row -> row.variant().equals(late.variant()) && !DensityLimit.isLateness(row))
            .findFirst()
            .map(row -> "; packets, which pass the agent as deadlines do not, took at most " + Readable.nanos(row.figures().max())).orElse("");
        return "While the agent's JVM stopped " + late.param(DensityVariants.COLLECTIONS) + " times to collect garbage, at most for " +
            Readable.nanos(1e3 * DensityLimit.cpu(late, DensityVariants.LONGEST_PAUSE)) + ", loops were late by " +
                Readable.nanos(late.figures().p99()) + " at p99 and at most by " +
            Readable.nanos(late.figures().max()) + packets + ".";
    }

    @Override
    public List<Table> tables(final List<Row> rows) {
        final List<Table> tables = new ArrayList<>();
        for (final Map.Entry<String, String> kind : KINDS.entrySet()) {
            final List<List<String>> lines = levels(rows, kind.getKey()).map(row -> line(row, packets(rows, row))).toList();
            if (!lines.isEmpty()) {
                tables.add(new Table(capital(kind.getValue()), List.of("loops", "late p50", "late p99", "late p99.9", "late max",
                    "answer p50", "answer p99", "missed", "CPU",
                    "loops' CPU", "agent's", "peer's", "others'"), lines, note(kind.getKey())));
            }
        }
        return tables;
    }

    /** The packets of the same measurement. */
    private static Optional<Row> packets(final List<Row> rows, final Row late) {
        final List<String> same = List.of(DensityVariants.LOOPS, DensityVariants.TRY, DensityVariants.PHASES);
        return rows.stream().filter(row -> row.variant().equals(late.variant()) && !DensityLimit.isLateness(row)
            && same.stream().allMatch(param -> row.param(param).equals(late.param(param)))).findFirst();
    }

    private static List<String> line(final Row late, final Optional<Row> packets) {
        final Figures figures = late.figures();
        final String name = late.param(DensityVariants.LOOPS) + (DensityLimit.isTogether(late) ? " together" : "")
            + (DensityLimit.isDisturbed(late) ? " (disturbed)" : "");
        return List.of(name, Readable.nanos(figures.p50()), Readable.nanos(figures.p99()), Readable.nanos(figures.p999()),
            Readable.nanos(figures.max()), packets.map(row -> Readable.nanos(row.figures().p50())).orElse(ScenarioLines.ABSENT),
            packets.map(row -> Readable.nanos(row.figures().p99())).orElse(ScenarioLines.ABSENT),
            DensityLimit.percent(DensityLimit.missed(late)), cpu(late, DensityVariants.CPU_TOTAL), cpu(late, DensityVariants.CPU_LOOPS),
            cpu(late, DensityVariants.CPU_AGENT), cpu(late, DensityVariants.CPU_PEER),
            String.format(Locale.ROOT, "%.2f", DensityLimit.others(late)));
    }

    private static String cpu(final Row row, final String param) {
        return row.param(param).isEmpty() ? ScenarioLines.ABSENT : String.format(Locale.ROOT, "%.2f", DensityLimit.cpu(row, param));
    }

    private static String note(final String kind) {
        return switch (kind) {
            case DensityVariants.QEMU -> "CPU in CPUs: 1 is one CPU used all the time. Lateness is by the guest's own clock.";
            case DensityVariants.ON_RT -> "Kernel, agent, sessions and peer are emulated (TCG), so these times are the emulation's: they " +
                "show that it works there, not how fast it is. " +
                "CPU is the emulated machine's.";
            default -> "";
        };
    }
}
