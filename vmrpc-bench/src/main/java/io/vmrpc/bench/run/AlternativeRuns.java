package io.vmrpc.bench.run;

import io.vmrpc.bench.report.AlternativeVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The same control loop, a timer each 10 ms and a datagram's exchange with a peer, by VM long polling and by what else one could do: a container
 * on the host, a conventional guest, a tuned one, a guest that polls. Latency and CPU time of each; idle, then guest and host loaded. All take turns.
 */
public final class AlternativeRuns {
    private static final List<String> LOADS = List.of("none", Variants.LOAD_BOTH);
    private static final String TUNED = "rt";
    private static final String UNTUNED = "cloud";
    private static final double BOOT_SECONDS = 14;
    private static final double LOAD_SECONDS = 2;
    private final PrintStream log;
    private final AlternativePlan plan;
    private final Results results;
    private final Map<String, List<CostWindow>> costs = new HashMap<>();
    private NetPeer peer;
    private Container container;
    private Progress progress;

    /**
     * Prepares a run; one object is good for one.
     *
     * @param log where steps are told.
     * @param plan how much.
     * @param results get the rows.
     */
    public AlternativeRuns(final PrintStream log, final AlternativePlan plan, final Results results) {
        this.log = log;
        this.plan = plan;
        this.results = results;
    }

    /**
     * How long it takes, boots included.
     *
     * @param plan how much.
     * @return seconds, about.
     */
    public static double seconds(final AlternativePlan plan) {
        final int ways = Alternative.IN_TUNED_GUEST.size() + 1 + (plan.hasOtherGuest() ? Alternative.IN_UNTUNED_GUEST.size() : 0);
        return (plan.hasOtherGuest() ? 2 : 1) * (BOOT_SECONDS + LOAD_SECONDS) + AlternativeGuest.LEARNING_SECONDS
            + LOADS.size() * plan.turns() * ways * plan.partSeconds();
    }

    /**
     * Measures.
     *
     * @throws IOException if something cannot be started.
     * @throws InterruptedException if interrupted.
     */
    public void measure() throws IOException, InterruptedException {
        progress = new Progress(log, seconds(plan));
        try (NetPeer peers = new NetPeer(LayeredScheduling.PEER_PRIORITY); Container contained = new Container(peers.network())) {
            peer = peers;
            container = contained;
            inGuest(TUNED);
            if (plan.hasOtherGuest()) {
                inGuest(UNTUNED);
            }
        }
    }

    private void inGuest(final String kernel) throws IOException, InterruptedException {
        try (Agents agents = NetRuns.agents(false, peer)) {
            agents.blocking();
            progress.step("booting a guest (QEMU, TCG, 2 vCPUs, kernel " + kernel + ")", BOOT_SECONDS);
            final boolean isTuned = kernel.equals(TUNED);
            final VmSide side = isTuned ? new VmSide(agents.region(), kernel, true, log) : VmSide.untuned(agents.region(), kernel, log);
            try (Bench bench = new Bench(agents, side, progress)) {
                peer.network().forward(side.tap());
                final AlternativeGuest guest = new AlternativeGuest(bench, side, kernel, peer.address(), plan);
                if (isTuned) {
                    guest.learn();
                    results.add(guest.idle());
                }
                for (final String load : LOADS) {
                    bench.load(load);
                    for (final Row row : Turns.take(plan.turns(), parts(bench, guest, isTuned))) {
                        results.add(withCost(row));
                    }
                }
            }
        }
    }

    private List<Turns.Part> parts(final Bench bench, final AlternativeGuest guest, final boolean isTuned) {
        final List<Turns.Part> parts = new ArrayList<>();
        if (isTuned) {
            parts.add(() -> inContainer(bench));
        }
        for (final Alternative way : isTuned ? Alternative.IN_TUNED_GUEST : Alternative.IN_UNTUNED_GUEST) {
            parts.add(() -> {
                final CostWindow cost = window();
                return keep(guest.measure(way, cost), cost);
            });
        }
        return parts;
    }

    private List<Row> inContainer(final Bench bench) throws IOException, InterruptedException {
        final CostWindow cost = window();
        final Alternative way = Alternative.CONTAINER;
        final List<Row> both = new ArrayList<>();
        final Row timer = bench.beside(way.variant(), plan.partSeconds(), () -> {
            both.addAll(container.measure(
                way.job(peer.address(), plan.cycles(), AlternativePlan.WARM_UP, AlternativePlan.PERIOD_NS, ""), cost));
            return both.get(0);
        });
        final String share = timer.param(Variants.HOST_SHARE);
        final Row exchange = both.get(1).in(timer.vm(), timer.load());
        return keep(List.of(timer, share.isEmpty() ? exchange : exchange.withParam(Variants.HOST_SHARE, share)), cost);
    }

    private CostWindow window() {
        return new CostWindow(plan.warmUpSeconds(), plan.recordedSeconds());
    }

    private List<Row> keep(final List<Row> rows, final CostWindow cost) {
        rows.forEach(row -> costs.computeIfAbsent(key(row), key -> new ArrayList<>()).add(cost));
        return rows;
    }

    private static String key(final Row row) {
        return String.join(" ", row.variant(), row.load(), row.param(AlternativeVariants.KERNEL), row.param(AlternativeVariants.WHAT));
    }

    /** Of all turns together; without a cost if none of them has one. */
    private Row withCost(final Row row) {
        final List<CostWindow> windows = costs.getOrDefault(key(row), List.of());
        final double wallNs = windows.stream().mapToLong(CostWindow::wallNs).sum();
        return wallNs == 0 ? row : row.withParam(AlternativeVariants.CPU,
            String.format(Locale.ROOT, "%.4f", windows.stream().mapToLong(CostWindow::cpuNs).sum() / wallNs));
    }
}
