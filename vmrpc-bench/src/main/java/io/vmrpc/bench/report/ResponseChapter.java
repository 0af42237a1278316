package io.vmrpc.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Timer response and network response, the published test's first two measurements. */
final class ResponseChapter implements Chapter {
    private static final String BEST = "Best: of untouched, vcpu-fifo (SCHED_FIFO 80 for the thread of the handler's vCPU, as for long polling) and all-fifo (for all of the VM's threads),"
        + " at each statistic the lowest. Published: industrial evaluation of real-time Linux on KVM, other hardware; the virtual machine loaded by stress, with netperf"
        + " from a peer, so it stands beside our load with packets.";

    @Override
    public Set<String> benches() {
        return Set.of(ResponseVariants.TIMER, ResponseVariants.PROGRAM, ResponseVariants.NETWORK, ResponseVariants.TIMELINE);
    }

    @Override
    public String title() {
        return "Timer response and network response";
    }

    @Override
    public String question() {
        return "How far is the time between two handlers of a timer from its period, and how late does each run; and how long does a packet's acknowledgement take, with"
            + " 20 under way at once? A handler in the guest, SCHED_FIFO 80 on the isolated CPU, every 10 ms and every 1 ms, by a periodic timer or by a one-shot timer"
            + " that it arms again; in Java (LockSupport.parkNanos or long polling) and in C (setitimer and SIGALRM, as it is or with VMRPC preloaded). Loaded: stress-ng"
            + " in guest and host; packets: sockperf from a peer in another network namespace besides. An expiration of a periodic timer that was missed counts as a"
            + " sample of its own, in lateness and in intervals; a one-shot timer misses none, it is armed later.";
    }

    @Override
    public String command() {
        return "./vmrpc bench response --html response.html --json response.json";
    }

    @Override
    public List<String> findings(final List<Row> rows) {
        final List<String> all = new ArrayList<>();
        final List<ResponseCase> intervals = ResponseCases.timers(rows, ResponseVariants.INTERVAL);
        intervals.stream().filter(each -> each.load().equals(ResponseVariants.LOAD_NETWORK) && !each.published().isEmpty())
            .forEach(each -> finding(each, "the time between two handlers is off its period").ifPresent(all::add));
        final List<ResponseCase> network = ResponseCases.network(rows);
        network.stream().filter(each -> each.load().equals(Variants.LOAD_BOTH)).forEach(each -> finding(each, "an acknowledgement takes").ifPresent(all::add));
        final List<String> worse = Stream.concat(intervals.stream(), network.stream()).flatMap(ResponseChapter::worse).toList();
        if (!worse.isEmpty()) {
            all.add("Not better than the best conventional one: " + String.join("; ", worse) + ". A maximum is one sample of a machine that others share.");
        }
        return all;
    }

    private static Optional<String> finding(final ResponseCase measured, final String what) {
        final Optional<Row> p99 = measured.best(Statistic.P99);
        final Optional<Row> max = measured.best(Statistic.MAX);
        return measured.ours().filter(row -> p99.isPresent()).map(Row::figures).map(ours -> measured.name() + ": " + what + " " + Readable.nanos(ours.p99())
            + " at p99 and " + Readable.nanos(ours.max()) + " at most, conventionally at best " + Readable.nanos(p99.get().figures().p99()) + " (" + measured.ratioWords(Statistic.P99)
            + ") and " + Readable.nanos(max.get().figures().max()) + " (" + measured.ratioWords(Statistic.MAX) + "); published, on other hardware: "
            + measured.published() + ".");
    }

    private static Stream<String> worse(final ResponseCase measured) {
        return Stream.of(Statistic.P50, Statistic.P99, Statistic.MAX).filter(statistic -> measured.ratio(statistic).orElse(2) <= 1)
            .map(statistic -> measured.name() + " at " + statistic.label() + " (" + measured.ratioWords(statistic) + ")");
    }

    @Override
    public List<Table> tables(final List<Row> rows) {
        final List<Table> all = new ArrayList<>();
        handlers(all, "How far the time between two handlers is from the period", ResponseCases.timers(rows, ResponseVariants.INTERVAL));
        handlers(all, "How late a handler runs", ResponseCases.timers(rows, ResponseVariants.LATENESS));
        ResponseTables.cyclictest(rows).ifPresent(all::add);
        ResponseTables.network(ResponseCases.network(rows), rows).ifPresent(all::add);
        ResponseTables.timeline(rows).ifPresent(all::add);
        return all;
    }

    /** The median case, with the worst beside it: one stall must neither be hidden nor stand for all. */
    @Override
    public Optional<Tile> tile(final List<Row> rows) {
        final List<ResponseCase> cases = Stream.concat(ResponseCases.timers(rows, ResponseVariants.INTERVAL).stream(), ResponseCases.network(rows).stream())
            .filter(each -> each.ratio(Statistic.P99).isPresent()).sorted(Comparator.comparingDouble(each -> each.ratio(Statistic.P99).getAsDouble())).toList();
        if (cases.isEmpty()) {
            return Optional.empty();
        }
        final ResponseCase worst = cases.get(0);
        return Optional.of(new Tile(cases.get((cases.size() - 1) / 2).ratioWords(Statistic.P99), "better than the best conventional setting at p99, the median of "
            + cases.size() + " timers and exchanges; the worst is " + worst.ratioWords(Statistic.P99) + " (" + worst.name() + ")"));
    }

    private static void handlers(final List<Table> all, final String caption, final List<ResponseCase> cases) {
        if (cases.isEmpty()) {
            return;
        }
        final boolean isPublished = cases.stream().anyMatch(each -> !each.published().isEmpty());
        final List<String> heads = new ArrayList<>(List.of("", "long polling"));
        heads.addAll(Variants.HOSTS);
        heads.addAll(List.of("times better, p99", "times better, max"));
        if (isPublished) {
            heads.add("published, late by");
        }
        all.add(new Table(caption + ": p50 / p99 / max", heads, cases.stream().map(each -> {
            final List<String> line = new ArrayList<>(List.of(each.name(), ResponseCase.triple(each.ours())));
            Variants.HOSTS.forEach(host -> line.add(ResponseCase.triple(each.in(host))));
            line.addAll(List.of(each.ratioWords(Statistic.P99), each.ratioWords(Statistic.MAX)));
            if (isPublished) {
                line.add(each.published().isEmpty() ? ScenarioLines.ABSENT : each.published());
            }
            return List.copyOf(line);
        }).toList(), "Times better: the best conventional one / long polling. " + BEST));
    }
}
