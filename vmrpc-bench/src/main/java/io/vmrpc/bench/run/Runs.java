package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Row;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** The runs that commands offer: which rows in which order. */
public final class Runs {
    private static final double BOOT_SECONDS = 20;
    private final PrintStream progress;
    private final String kernel;
    private final Results results;

    /**
     * Prepares runs.
     *
     * @param progress where steps are told.
     * @param kernel of the guest: {@code rt}, {@code cloud} or a file.
     * @param results get the rows.
     */
    public Runs(final PrintStream progress, final String kernel, final Results results) {
        this.progress = progress;
        this.kernel = kernel;
        this.results = results;
    }

    /**
     * How it was measured.
     *
     * @param rows of a run.
     * @return a paragraph each.
     */
    public static List<String> method(final List<Row> rows) {
        return Method.of(rows);
    }

    private interface Steps {
        void run(Bench bench, Side side) throws IOException, InterruptedException;
    }

    private void with(final String vm, final boolean network, final double expectedSeconds, final Steps steps)
        throws IOException, InterruptedException {
        final Progress told = new Progress(progress, expectedSeconds + BOOT_SECONDS);
        try (Agents agents = new Agents(vm.equals("none"))) {
            agents.blocking();
            told.step(vm.equals("none") ? "starting a second JVM" : "booting a guest (QEMU, TCG, 2 vCPUs, kernel " + kernel + ")", BOOT_SECONDS);
            final Side side = vm.equals("none") ? new LoopbackSide(agents.region(), network ? 0 : Scheduling.PRIORITY, progress)
                : new VmSide(agents.region(), kernel, network, progress);
            try (Bench bench = new Bench(agents, side, told, results)) {
                steps.run(bench, side);
            }
        }
    }

    /**
     * The demo: timers idle and loaded, then round trips.
     *
     * @param plan how much.
     * @throws IOException if something cannot be started.
     * @throws InterruptedException if interrupted.
     */
    public void demo(final Plan plan) throws IOException, InterruptedException {
        with("tcg", true, timerSeconds(plan, 2) + rpcSeconds(plan), (bench, side) -> {
            for (final String load : List.of("none", "both")) {
                timers(bench, plan, load);
            }
            bench.load("none");
            calls(bench, plan, true);
        });
    }

    /**
     * Timers alone.
     *
     * @param plan how much.
     * @param vm {@code none} or {@code tcg}.
     * @param load {@code none}, {@code guest}, {@code host} or {@code both}.
     * @throws IOException if something cannot be started.
     * @throws InterruptedException if interrupted.
     */
    public void timer(final Plan plan, final String vm, final String load) throws IOException, InterruptedException {
        with(vm, false, timerSeconds(plan, 1), (bench, side) -> timers(bench, plan, load));
    }

    /**
     * Round trips alone.
     *
     * @param plan how much.
     * @param vm {@code none} or {@code tcg}.
     * @param load {@code none}, {@code guest}, {@code host} or {@code both}.
     * @throws IOException if something cannot be started.
     * @throws InterruptedException if interrupted.
     */
    public void rpc(final Plan plan, final String vm, final String load) throws IOException, InterruptedException {
        with(vm, true, rpcSeconds(plan), (bench, side) -> {
            bench.load(load);
            calls(bench, plan, !vm.equals("none"));
        });
    }

    /**
     * What waiting costs, in a VM.
     *
     * @throws IOException if something cannot be started.
     * @throws InterruptedException if interrupted.
     */
    public void idle() throws IOException, InterruptedException {
        with("tcg", false, 30, (bench, side) -> results.addAll(IdleCost.measure(bench, side)));
        progress.print(IdleCost.text(results.rows()));
    }

    private static void timers(final Bench bench, final Plan plan, final String load) throws IOException, InterruptedException {
        bench.load("none");
        bench.warmUp();
        bench.load(load);
        for (final long period : Plan.PERIODS_NS) {
            for (final String kind : List.of("periodic", "oneshot")) {
                bench.timers(plan, kind, period);
            }
            bench.cyclictest(plan, period);
        }
    }

    private static void calls(final Bench bench, final Plan plan, final boolean overTcp) throws IOException, InterruptedException {
        if (overTcp) {
            bench.limit("futex", plan);
            bench.parkedCalls(plan);
            bench.tcpCalls(plan);
            bench.limit("spin", plan);
            bench.spinningCalls(plan);
        } else {
            bench.alternate("futex", plan, bench::parkedCalls);
            bench.pipelinedCalls(4_000);
            bench.alternate("spin", plan, bench::spinningCalls);
        }
    }

    private static double timerSeconds(final Plan plan, final int loads) {
        double seconds = 0;
        for (final long period : Plan.PERIODS_NS) {
            seconds += 2 * 4 * (plan.timerSamples(period) * period / 1e9 + 2) + plan.timerSamples(period) * period / 1e9;
        }
        return loads * seconds;
    }

    private static double rpcSeconds(final Plan plan) {
        return plan.calls() / 40e3 + plan.calls() / 100e3 + 20 + 3 * plan.slowCalls() * 0.4e-3;
    }
}
