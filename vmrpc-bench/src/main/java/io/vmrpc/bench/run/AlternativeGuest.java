package io.vmrpc.bench.run;

import io.vmrpc.bench.report.AlternativeVariants;
import io.vmrpc.bench.report.PeerVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.worker.Job;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/** Control loops in one guest, one after the other. */
final class AlternativeGuest {
    /** How often a loop is begun again whose JVM crashed: docs/known-issues.md. */
    private static final int TRIES = 4;
    private static final int PATIENCE_SECONDS = 30;
    /** Compilers see both Java loops before anything is recorded: with a cycle each 10 ms they would be at it for minutes. */
    private static final long LEARNING_PERIOD_NS = 1_000_000;
    private static final int LEARNING_CYCLES = 5_000;
    /** How long the guest is left alone at a time, until its compilers have done their work. */
    private static final double REST_SECONDS = 2;
    private static final int RESTS = 6;
    private static final double QUIET = 0.1;
    static final double LEARNING_SECONDS = 2 * (LEARNING_CYCLES * LEARNING_PERIOD_NS / 1e9 + 1) + 2 * REST_SECONDS;
    private final Bench bench;
    private final VmSide side;
    private final String kernel;
    private final String peer;
    private final AlternativePlan plan;

    AlternativeGuest(final Bench bench, final VmSide side, final String kernel, final String peer, final AlternativePlan plan) {
        this.bench = bench;
        this.side = side;
        this.kernel = kernel;
        this.peer = peer;
        this.plan = plan;
    }

    /** Unrecorded. */
    void learn() throws IOException, InterruptedException {
        for (final Alternative way : List.of(Alternative.OURS, Alternative.TUNED_JAVA)) {
            final Job job = way.job(peer, LEARNING_CYCLES, 1, LEARNING_PERIOD_NS, kernel);
            bench.measure("warming up " + way.variant(), way.host(), LEARNING_CYCLES * LEARNING_PERIOD_NS / 1e9 + 1,
                () -> loop(way, job, new CostWindow(0, 0)).get(0));
        }
    }

    /** What the guest costs while no loop runs; its compilers have come to rest then, as far as they do in a moment. */
    Row idle() throws IOException, InterruptedException {
        final Map<String, String> params = Map.of(AlternativeVariants.KERNEL, kernel, AlternativeVariants.WHAT, AlternativeVariants.NOTHING,
            Variants.UNIT, PeerVariants.CPU_PER_SECOND, AlternativeVariants.LANGUAGE, AlternativeVariants.JAVA);
        final Job rest = new Job(AlternativeVariants.ALTERNATIVES, AlternativeVariants.GUEST_IDLE, 0, 0, (long)(REST_SECONDS * 1e9), 0, "", 0, params);
        final CostWindow.Clock clock = clock(false);
        double cost = Double.MAX_VALUE;
        for (int i = 0; i < RESTS && cost > QUIET; i++) {
            bench.run(rest);
            final CostWindow window = new CostWindow(0.3, REST_SECONDS);
            window.take(clock);
            cost = (double)window.cpuNs() / window.wallNs();
        }
        if (cost > QUIET) {
            bench.note("the guest does not come to rest: its own CPU time is in what the first loops cost");
        }
        final Histogram samples = new Histogram(3);
        samples.recordValue((long)(cost * 1e9));
        return Row.of(AlternativeVariants.ALTERNATIVES, AlternativeVariants.GUEST_IDLE, side.vm(), "none", params, samples);
    }

    /** How late cycles began, then how long exchanges took. */
    List<Row> measure(final Alternative way, final CostWindow cost) throws IOException, InterruptedException {
        final Job job = way.job(peer, plan.cycles(), AlternativePlan.WARM_UP, AlternativePlan.PERIOD_NS, kernel);
        final Row[] exchange = new Row[1];
        final Row timer = bench.measure(way.variant() + ", kernel " + kernel, way.host(), plan.partSeconds(), () -> {
            final List<Row> both = loop(way, job, cost);
            exchange[0] = both.get(1);
            return both.get(0);
        });
        Row other = exchange[0].in(timer.vm(), timer.load());
        for (final Map.Entry<String, String> found : timer.params().entrySet()) { // what the host has added to the first
            other = other.params().containsKey(found.getKey()) ? other : other.withParam(found.getKey(), found.getValue());
        }
        return List.of(timer, other);
    }

    private List<Row> loop(final Alternative way, final Job job, final CostWindow cost) throws IOException, InterruptedException {
        if (way.host().equals(AlternativeVariants.LAYERED)) {
            LayeredScheduling.apply(side.threads());
        }
        final CostWindow.Clock clock = clock(way.isOurs());
        final long patience = PATIENCE_SECONDS + (job.count() + job.warmUp()) * job.periodNs() / 1_000_000_000;
        for (int i = 0; i < TRIES; i++) {
            bench.run(job); // its first row: it is about to begin
            cost.take(clock, () -> !side.rows().isEmpty());
            final Optional<Row> timer = bench.nextRow(patience);
            final Optional<Row> exchange = timer.isPresent() ? bench.nextRow(PATIENCE_SECONDS) : Optional.empty();
            if (exchange.isPresent()) {
                return List.of(timer.get(), exchange.get());
            }
            bench.note("the guest's JVM crashed and was started again: " + job.variant() + " is repeated");
        }
        throw new IOException("the loop " + job.variant() + " did not end in " + TRIES + " tries: the guest's output says why");
    }

    /** QEMU's process; with long polling also the agent's, which is this one. */
    private CostWindow.Clock clock(final boolean hasAgent) throws IOException {
        final ProcessClock qemu = new ProcessClock(side.pid());
        final ProcessClock agent = new ProcessClock(ProcessHandle.current().pid());
        return () -> qemu.ns() + (hasAgent ? agent.ns() : 0);
    }
}
