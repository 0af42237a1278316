package io.vmrpc.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The tables of timer and network response that are not of handlers. Stateless. */
final class ResponseTables {
    private static final Map<String, String> WAYS = Map.of(ResponseVariants.OUTSOURCED, "sockets of the host, one thread, one park",
        ResponseVariants.OWN_THREADS, "virtio-net, 20 threads that block", ResponseVariants.OWN_EPOLL, "virtio-net, one thread, epoll",
        ResponseVariants.LIMIT, "no guest: C on the host, epoll");

    private ResponseTables() {
    }

    /** Debian's cyclictest as it is. */
    static Optional<Chapter.Table> cyclictest(final List<Row> rows) {
        final List<Row> its = rows.stream().filter(row -> row.variant().startsWith(Variants.CYCLICTEST)).toList();
        final List<List<String>> lines = new ArrayList<>();
        for (final String load : ResponseVariants.LOADS) {
            final List<Row> loaded = its.stream().filter(row -> row.load().equals(load)).toList();
            if (!loaded.isEmpty()) {
                final ResponseCase measured = new ResponseCase("", load, Optional.empty(), ResponseCases.variant(loaded, Variants.CYCLICTEST_GUEST), "");
                final List<String> line = new ArrayList<>(List.of(loaded.get(0).param(Variants.PERIOD).replace("ms", " ms") + ", " + ResponseCases.words(load)));
                Variants.HOSTS.forEach(host -> line.add(ResponseCase.triple(measured.in(host))));
                line.add(ResponseCase.triple(ResponseCases.variant(loaded, Variants.CYCLICTEST_HOST).stream().findFirst()));
                lines.add(line);
            }
        }
        return lines.isEmpty() ? Optional.empty() : Optional.of(new Chapter.Table("Reference: Debian's cyclictest, as it is, lateness: p50 / p99 / max",
            List.of("", "guest, untouched", "guest, vcpu-fifo", "guest, all-fifo", "on the host"), lines,
            "cyclictest cuts off what is below 1 us; a sample counts in the middle of its microsecond. What it leaves out after a long wait is counted."));
    }

    /** Exchanges, each way in each scheduling. */
    static Optional<Chapter.Table> network(final List<ResponseCase> cases, final List<Row> rows) {
        final List<List<String>> lines = new ArrayList<>();
        for (final ResponseCase each : cases) {
            each.ours().ifPresent(row -> lines.add(line(each, row, "")));
            each.conventional().forEach(row -> lines.add(line(each, row, ", " + row.param(Variants.HOST))));
            ResponseCases.variant(rows, ResponseVariants.LIMIT).stream().filter(row -> row.load().equals(each.load())).forEach(row -> lines.add(line(each, row, "")));
        }
        return lines.isEmpty() ? Optional.empty() : Optional.of(new Chapter.Table("From sending a packet until it is acknowledged, 20 under way at once",
            List.of("", "p50", "p99", "p99.9", "max", "p99, in ours", "max, in ours", "published"), lines,
            "The guest's thread that waits for sockets of the host waits for all 20 in one park of its vCPU; conventionally 20 threads block, or one waits with epoll, all of"
                + " them SCHED_FIFO 80 on the isolated CPU. The peer is a process in a network namespace of its own, over veth, with a priority above all of this."
                + " In ours: that figure / that of sockets of the host. Published: 20 processes, other hardware."));
    }

    private static List<String> line(final ResponseCase measured, final Row row, final String host) {
        final Figures figures = row.figures();
        return List.of(ResponseCases.words(measured.load()) + ": " + WAYS.getOrDefault(row.variant(), row.variant()) + host, Readable.nanos(figures.p50()),
            Readable.nanos(figures.p99()), figures.count() < Statistic.P999.samplesNeeded() ? ScenarioLines.ABSENT : Readable.nanos(figures.p999()),
            Readable.nanos(figures.max()), inOurs(measured, row, Statistic.P99), inOurs(measured, row, Statistic.MAX),
            row.variant().equals(ResponseVariants.OWN_THREADS) ? measured.published() : ScenarioLines.ABSENT);
    }

    private static String inOurs(final ResponseCase measured, final Row row, final Statistic statistic) {
        return measured.ours().filter(ours -> !ours.equals(row) && statistic.of(ours.figures()) > 0)
            .map(ours -> Readable.ratio((double)statistic.of(row.figures()) / statistic.of(ours.figures()), true)).orElse(ScenarioLines.ABSENT);
    }

    /** Of the time line a line for each phase. */
    static Optional<Chapter.Table> timeline(final List<Row> rows) {
        final Map<Integer, Map<String, Row>> seconds = new TreeMap<>();
        rows.stream().filter(row -> row.bench().equals(ResponseVariants.TIMELINE)).forEach(row ->
            seconds.computeIfAbsent(Integer.parseInt(row.param(ResponseVariants.SECOND)), second -> new TreeMap<>()).put(row.variant(), row));
        final List<List<Row>> ours = phases(seconds, Variants.LONGPOLL_PERIODIC);
        final List<List<Row>> theirs = phases(seconds, Variants.GUEST_PERIODIC);
        final List<List<String>> lines = new ArrayList<>();
        for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
            lines.add(List.of(ResponseCases.words(ours.get(i).get(0).param(ResponseVariants.PHASE)) + ", " + ours.get(i).size() + " s", middle(ours.get(i)),
                highest(ours.get(i)), middle(theirs.get(i)), highest(theirs.get(i))));
        }
        return lines.isEmpty() ? Optional.empty() : Optional.of(new Chapter.Table("Lateness of a 10 ms timer while the load changes",
            List.of("phase", "long polling, p50", "long polling, max", "guest's own, p50", "guest's own, max"), lines,
            "Neither timer pauses when a phase begins. p50: the median of the phase's seconds. The guest's own with the host untouched."));
    }

    /** Neighbouring seconds of the same phase. */
    private static List<List<Row>> phases(final Map<Integer, Map<String, Row>> seconds, final String variant) {
        final List<List<Row>> phases = new ArrayList<>();
        for (final Map<String, Row> second : seconds.values()) {
            final Row row = second.get(variant);
            if (row != null) {
                if (phases.isEmpty() || !phases.get(phases.size() - 1).get(0).param(ResponseVariants.PHASE).equals(row.param(ResponseVariants.PHASE))) {
                    phases.add(new ArrayList<>());
                }
                phases.get(phases.size() - 1).add(row);
            }
        }
        return phases;
    }

    private static String middle(final List<Row> rows) {
        final List<Long> medians = rows.stream().map(row -> row.figures().p50()).sorted().toList();
        return Readable.nanos(medians.get(medians.size() / 2));
    }

    private static String highest(final List<Row> rows) {
        return Readable.nanos(rows.stream().mapToLong(row -> row.figures().max()).max().orElseThrow());
    }
}
