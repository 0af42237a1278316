package io.vmrpc.bench.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The same control loop by VM long polling and by its alternatives. */
final class AlternativeChapter implements Chapter {
    private static final String IDLE = "none";
    /** What is called better is better by more than a tenth: less is noise of a run. */
    private static final double CLEARLY = 0.9;

    @Override
    public Set<String> benches() {
        return Set.of(AlternativeVariants.ALTERNATIVES);
    }

    @Override
    public String title() {
        return "Alternatives on the same work";
    }

    @Override
    public String question() {
        return "What else could one do, and what does it cost? The same control loop everywhere: each 10 ms it sends a datagram to a peer on another network and waits "
            + "for the answer. In a container of the host; in a guest as an ordinary process, as a SCHED_FIFO one, with real-time tuning of guest and host, polling; "
            + "and by VM long polling. CPU is of one CPU of the host, of all processes that belong to it: QEMU, with long polling also the agent, or the container's.";
    }

    @Override
    public String command() {
        return "./vmrpc bench alternatives";
    }

    @Override
    public List<Table> tables(final List<Row> rows) {
        final List<String> heads = AlternativeLine.HEADS.subList(0, AlternativeLine.HEADS.size() - 1); // idle, nobody else wants the host's CPUs
        final List<List<String>> idle = lines(rows, IDLE, heads.size());
        idleGuest(rows).ifPresent(guest -> {
            final List<String> cells = new ArrayList<>(Collections.nCopies(heads.size(), ScenarioLines.ABSENT));
            cells.set(0, AlternativeLine.words(guest.variant()));
            cells.set(heads.indexOf(AlternativeLine.CPU), AlternativeLine.percent(OptionalDouble.of(guest.figures().mean() / 1e9)));
            idle.add(cells);
        });
        final List<Table> tables = new ArrayList<>();
        if (!idle.isEmpty()) {
            tables.add(new Table("Idle: how late cycles begin, how long exchanges take, what it costs", heads, idle, notes(rows, IDLE)));
        }
        final List<List<String>> loaded = lines(rows, Variants.LOAD_BOTH, AlternativeLine.HEADS.size());
        if (!loaded.isEmpty()) {
            tables.add(new Table("Guest and host loaded", AlternativeLine.HEADS, loaded, ("CPU: with the guest's load, so it is no price here. Host keeps: the "
                + "share of the host's CPUs that its own ordinary processes still got. " + notes(rows, Variants.LOAD_BOTH)).strip()));
        }
        return tables;
    }

    @Override
    public Optional<Tile> tile(final List<Row> rows) {
        final List<AlternativeLine> idle = AlternativeLine.of(rows, IDLE);
        final Optional<AlternativeLine> polling = idle.stream().filter(AlternativeLine::polls).findFirst();
        return idle.stream().filter(AlternativeLine::isOurs).findFirst().filter(line -> line.cpu().isPresent()).map(ours -> new Tile(AlternativeLine.percent(ours.cpu()),
            "of a CPU for a 10 ms loop by long polling" + polling.map(line -> "; a guest that polls takes " + AlternativeLine.percent(line.cpu())).orElse("")));
    }

    private static List<List<String>> lines(final List<Row> rows, final String load, final int columns) {
        return AlternativeLine.of(rows, load).stream().map(line -> line.cells().subList(0, columns)).collect(Collectors.toCollection(ArrayList::new));
    }

    private static String notes(final List<Row> rows, final String load) {
        final List<AlternativeLine> lines = AlternativeLine.of(rows, load);
        final String stops = lines.stream().noneMatch(AlternativeLine::polls) ? "" : "The host stops a real-time thread that never sleeps for up to 50 ms of each "
            + "second, for its ordinary processes' sake: who polls in earnest switches that off and gives the CPU away. ";
        return (stops + lines.stream().filter(line -> line.lost() > 0)
            .map(line -> line.words() + ": " + line.lost() + " answers did not come within a second.").collect(Collectors.joining(" "))).strip();
    }

    private static Optional<Row> idleGuest(final List<Row> rows) {
        return rows.stream().filter(row -> row.variant().equals(AlternativeVariants.GUEST_IDLE)).reduce((earlier, later) -> later);
    }

    @Override
    public List<String> findings(final List<Row> rows) {
        final List<String> findings = new ArrayList<>();
        price(rows).ifPresent(findings::add);
        for (final String load : List.of(IDLE, Variants.LOAD_BOTH)) {
            final List<AlternativeLine> lines = AlternativeLine.of(rows, load);
            lines.stream().filter(AlternativeLine::isOurs).findFirst().ifPresent(ours -> findings.addAll(against(ours, lines, load)));
        }
        if (findings.isEmpty()) {
            findings.add("VM long polling itself was not measured: nothing to compare with.");
        }
        return findings;
    }

    private static Optional<String> price(final List<Row> rows) {
        final List<AlternativeLine> priced = AlternativeLine.of(rows, IDLE).stream().filter(line -> line.cpu().isPresent()).toList();
        final String prices = priced.stream().map(line -> line.words() + " " + AlternativeLine.percent(line.cpu())).collect(Collectors.joining("; "));
        return priced.isEmpty() ? Optional.empty() : Optional.of("Price of the loop, idle, of one host CPU: " + prices + "."
            + idleGuest(rows).map(guest -> " Of a guest's, " + AlternativeLine.percent(OptionalDouble.of(guest.figures().mean() / 1e9))
                + " are the guest's own, without any loop.").orElse(""));
    }

    /** One sentence for each other way; where it is better comes first. */
    private static List<String> against(final AlternativeLine ours, final List<AlternativeLine> lines, final String load) {
        final boolean isIdle = load.equals(IDLE);
        return lines.stream().filter(line -> !line.isOurs()).map(other -> other.words() + " against VM long polling, " + (isIdle ? "idle" : "loaded") + ": better in "
            + where(other, ours, isIdle) + "; worse in " + where(ours, other, isIdle) + ".").toList();
    }

    /** In what one is clearly better than another, and how many times. */
    private static String where(final AlternativeLine one, final AlternativeLine other, final boolean isPriced) {
        final List<String> all = new ArrayList<>();
        compare(all, "lateness p50", one, other, line -> line.timer().figures().p50());
        compare(all, "lateness p99", one, other, line -> line.timer().figures().p99());
        compare(all, "exchange p50", one, other, line -> line.exchange().figures().p50());
        compare(all, "exchange p99", one, other, line -> line.exchange().figures().p99());
        if (isPriced) {
            compare(all, "CPU time", one, other, line -> line.cpu().orElse(Double.NaN));
        }
        return all.isEmpty() ? "nothing" : String.join(", ", all);
    }

    private static void compare(final List<String> all, final String what, final AlternativeLine one, final AlternativeLine other,
        final ToDoubleFunction<AlternativeLine> value) {
        final double ours = value.applyAsDouble(one);
        final double theirs = value.applyAsDouble(other);
        if (ours > 0 && ours < theirs * CLEARLY) { // not for NaN
            all.add(what + " " + Readable.ratio(theirs / ours, true));
        }
    }
}
