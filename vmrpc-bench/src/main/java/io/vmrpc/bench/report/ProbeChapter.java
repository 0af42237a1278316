package io.vmrpc.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Answers as somebody sees them who is neither guest nor agent: absolute, and how far each percentile is above a plain reflector's. */
final class ProbeChapter implements Chapter {
    private static final List<String> LOADS = List.of("none", Variants.LOAD_BOTH);
    private static final List<Statistic> SHOWN = List.of(Statistic.P50, Statistic.P99, Statistic.P999, Statistic.MAX);
    /** More than this share of messages that the probe could not judge, and the machine has disturbed the row. */
    private static final double DISTURBED = 0.01;
    /** And with more than this share a conventional row is not compared. */
    private static final double MOST_UNSEEN = 0.25;
    private static final String ABSENT = "-";

    @Override
    public Set<String> benches() {
        return Set.of(ProbeVariants.OUTSIDE);
    }

    @Override
    public String title() {
        return "Seen from outside";
    }

    @Override
    public String question() {
        return "How fast is a datagram answered, for somebody who is neither guest nor agent? A probe (DPDK, polling) at the other end of a cable sends datagrams at fixed times, "
            + "whatever has become of those before, and counts each answer from when its datagram was to be sent: what waits behind a slow answer counts in full "
            + "(no coordinated omission). The probe has one CPU, everything real-time that it measures another one. The same probe measures a plain reflector, a blocking "
            + "socket in C on the host; what exceeds that is the price of the way. Loaded: stress-ng on the measured CPU, and in the guest on its ordinary vCPU.";
    }

    @Override
    public String command() {
        return "./vmrpc bench outside --html outside.html --json outside.json";
    }

    @Override
    public List<String> findings(final List<Row> rows) {
        final List<String> all = new ArrayList<>();
        for (final String load : LOADS) {
            final List<Row> loaded = of(rows, load);
            final Optional<Row> ours = variant(loaded, ProbeVariants.VMRPC_GUEST);
            if (ours.isPresent() && variant(loaded, ProbeVariants.VIRTIO_NET_GUEST).isPresent()) {
                all.add(compared(name(load), loaded, ours.get()));
            }
        }
        rows.stream().filter(row -> share(row, ProbeVariants.UNSEEN) > DISTURBED).map(row -> String.format(Locale.ROOT,
            "Disturbed by the machine: %s, %s: of %.1f %% of the messages the probe cannot tell, because it was itself kept from its CPU.", line(row), name(row.load()),
            100 * share(row, ProbeVariants.UNSEEN))).forEach(all::add);
        return all;
    }

    /** A conventional row of which the probe saw enough: what it could not judge is no sample, and the rest alone would flatter or slander. */
    private static boolean isJudged(final Row row) {
        return row.variant().equals(ProbeVariants.VIRTIO_NET_GUEST) && share(row, ProbeVariants.UNSEEN) <= MOST_UNSEEN;
    }

    /** Against the best conventional row of each percentile; a row that loses messages has no right to be best. */
    private static String compared(final String name, final List<Row> rows, final Row ours) {
        final Optional<Row> reflector = variant(rows, ProbeVariants.REFLECTOR);
        final List<String> parts = new ArrayList<>();
        for (final Statistic statistic : List.of(Statistic.P50, Statistic.P99)) {
            final Optional<Row> best = rows.stream().filter(row -> isJudged(row) && lost(row) <= lost(ours))
                .min((a, b) -> Double.compare(statistic.of(a.figures()), statistic.of(b.figures())));
            parts.add(statistic.label() + " " + Readable.nanos(statistic.of(ours.figures())) + reflector.map(it -> " (" + above(ours, it, statistic) + " above the reflector)").orElse("")
                + " against " + best.map(it -> Readable.nanos(statistic.of(it.figures())) + " by virtio-net at its best (" + it.param(Variants.HOST) + ")")
                .orElse("virtio-net, of which the probe could not judge enough, or more was lost, in each scheduling"));
        }
        return "A guest with VMRPC, " + name + ": " + String.join("; ", parts) + "; " + lost(ours) + " of " + ours.param(ProbeVariants.SENT) + " messages lost.";
    }

    @Override
    public Optional<Tile> tile(final List<Row> rows) {
        final List<Row> loaded = of(rows, Variants.LOAD_BOTH);
        final Optional<Row> best = loaded.stream().filter(ProbeChapter::isJudged).min(Comparator.comparingLong(row -> row.figures().p99()));
        return variant(loaded, ProbeVariants.VMRPC_GUEST).flatMap(ours -> best.map(theirs -> new Tile(Readable.nanos(ours.figures().p99()),
            "until a loaded guest has answered, seen from outside, p99; over virtio-net at its best " + Readable.nanos(theirs.figures().p99()))));
    }

    @Override
    public List<Table> tables(final List<Row> rows) {
        final List<Table> all = new ArrayList<>();
        for (final String load : LOADS) {
            final List<Row> loaded = of(rows, load);
            if (!loaded.isEmpty()) {
                all.add(absolute(name(load), loaded));
            }
            variant(loaded, ProbeVariants.REFLECTOR).filter(reflector -> loaded.size() > 1).ifPresent(reflector -> all.add(differences(name(load), loaded, reflector)));
        }
        return all;
    }

    private static Table absolute(final String name, final List<Row> rows) {
        final Row any = rows.get(0);
        final List<List<String>> lines = rows.stream().map(row -> line(line(row), SHOWN.stream().map(each -> figure(row, each)),
            Stream.of(row.param(ProbeVariants.SENT), row.param(Variants.DROPPED), row.param(ProbeVariants.LATE), row.param(ProbeVariants.UNSEEN)))).toList();
        return new Table("Time until the answer, " + name, List.of("who answers", "p50", "p99", "p99.9", "max", "sent", "lost", "late", "unseen"), lines,
            "One datagram of " + any.param(Variants.PAYLOAD) + " bytes every " + any.param(ProbeVariants.INTERVAL) + "; CPUs: " + any.param(ProbeVariants.CPUS)
                + ". Lost: never answered. Late: after more than " + any.param(ProbeVariants.LATE_AFTER) + ", and a sample all the same. Unseen: answered while the probe itself "
                + "was kept from sending or looking for more than 0.1 ms; not a sample, in any row. p99.9 of fewer than 1,000 samples is not shown.");
    }

    private static Table differences(final String name, final List<Row> rows, final Row reflector) {
        final List<List<String>> lines = rows.stream().filter(row -> row != reflector)
            .map(row -> line(line(row), SHOWN.stream().map(each -> isShown(row, each) && isShown(reflector, each) ? above(row, reflector, each) : ABSENT), Stream.of())).toList();
        return new Table("The same, minus the reflector, " + name, List.of("who answers", "p50", "p99", "p99.9", "max"), lines,
            "Each percentile minus the reflector's same percentile. That is no percentile of the differences: which answer of the one belongs to which of the other "
                + "nobody can say. For p50 it is the price of the way; far out it says how much worse the worst are, not why.");
    }

    private static List<String> line(final String name, final Stream<String> figures, final Stream<String> counts) {
        return Stream.concat(Stream.of(name), Stream.concat(figures, counts)).toList();
    }

    private static boolean isShown(final Row row, final Statistic statistic) {
        return row.figures().count() >= statistic.samplesNeeded();
    }

    private static String figure(final Row row, final Statistic statistic) {
        return isShown(row, statistic) ? Readable.nanos(statistic.of(row.figures())) : ABSENT;
    }

    private static String above(final Row row, final Row reflector, final Statistic statistic) {
        final double difference = statistic.of(row.figures()) - statistic.of(reflector.figures());
        return (difference < 0 ? "-" : "") + Readable.nanos(Math.abs(difference));
    }

    private static List<Row> of(final List<Row> rows, final String load) {
        return rows.stream().filter(row -> row.load().equals(load)).toList();
    }

    private static Optional<Row> variant(final List<Row> rows, final String variant) {
        return rows.stream().filter(row -> row.variant().equals(variant)).findFirst();
    }

    private static String line(final Row row) {
        return row.variant().equals(ProbeVariants.VIRTIO_NET_GUEST) ? row.variant() + ", " + row.param(Variants.HOST) : row.variant();
    }

    private static String name(final String load) {
        return load.equals("none") ? "idle" : "loaded";
    }

    private static long lost(final Row row) {
        return Long.parseLong(row.param(Variants.DROPPED));
    }

    private static double share(final Row row, final String of) {
        return Double.parseDouble(row.param(of)) / Math.max(1, Double.parseDouble(row.param(ProbeVariants.SENT)));
    }
}
