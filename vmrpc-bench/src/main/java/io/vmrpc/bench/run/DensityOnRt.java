package io.vmrpc.bench.run;

import io.vmrpc.bench.density.CycleLoops;
import io.vmrpc.bench.report.DensityVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.RowLine;
import io.vmrpc.vm.Accelerator;
import io.vmrpc.vm.VirtualMachine;
import io.vmrpc.vm.VmConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A PREEMPT_RT kernel as the host: agent, peer and loopback sessions inside the real-time Linux guest, the sessions on its isolated CPU,
 * everything else on the other.
 * This class is both what boots that guest and the main class in it.
 */
public final class DensityOnRt {
    private static final int OTHERS_CPU = 0;
    private static final int TRIES = 3;
    private static final Duration BOOT = Duration.ofMinutes(3);
    private static final Duration LONGEST = Duration.ofMinutes(4);

    private DensityOnRt() {
    }

    /** Boots, measures, ends. */
    static List<Row> measure(final DensityPlan plan, final PrintStream log) throws IOException, InterruptedException {
        final LinkedBlockingQueue<Row> rows = new LinkedBlockingQueue<>();
        final List<String> arguments = new ArrayList<>(List.of(Double.toString(plan.seconds()), Double.toString(plan.warmUpSeconds())));
        plan.onRt().forEach(loops -> arguments.add(Integer.toString(loops)));
        final VmConfig config = VmConfig.builder().cpus(2).rtCpu(VmSide.RT_CPU).kernel("rt").accelerator(Accelerator.TCG)
            .command(WorkerCommand.of(DensityOnRt.class, 64, List.of(), arguments.toArray(String[]::new)))
            .stdout(new RowReader(rows, log)).stderr(new RowReader(rows, log)).progress(line -> { }).bootTimeout(BOOT).build();
        try (VirtualMachine machine = VirtualMachine.start(config)) {
            final Optional<Integer> status = machine.waitFor(LONGEST);
            if (status.isEmpty() || status.get() != 0) {
                throw new IOException("the real-time guest " + (status.isEmpty() ? "did not finish within " + LONGEST.toSeconds() + " s"
                    : "failed: its output says why"));
            }
        }
        return rows.stream().map(row -> row.in("tcg", "none")).toList();
    }

    /**
     * Measures, in the guest.
     *
     * @param args seconds of each measurement, seconds to warm up, then numbers of loops, ascending.
     * @throws IOException if something cannot be started.
     * @throws InterruptedException never.
     */
    public static void main(final String[] args) throws IOException, InterruptedException {
        final int most = Integer.parseInt(args[args.length - 1]);
        for (int i = 1; ; i++) {
            try (DensityPlace place = new DensityPlace(VmSide.RT_CPU, OTHERS_CPU); ScheduledProgram agent = place.agent(most, false)) {
                measure(args, place, agent.awaitReady(), most);
                return;
            } catch (final IOException e) {
                if (i == TRIES) { // a JVM may crash in an emulated guest: docs/known-issues.md
                    throw e;
                }
                System.err.println("measured again: " + e.getMessage());
            }
        }
    }

    private static void measure(final String[] args, final DensityPlace place, final ScheduledProgram agent, final int most)
        throws IOException, InterruptedException {
        try (ScheduledProgram loops = place.loops(CycleLoops.PARKED, DensityVariants.ON_RT, most).awaitReady()) {
            final DensityLevel level = new DensityLevel(loops, DensityLevel.account(place, List.of(loops.pid()), agent));
            level.warmUp(most, Double.parseDouble(args[1]));
            for (int i = 2; i < args.length; i++) {
                level.measure(Integer.parseInt(args[i]), (int)(Double.parseDouble(args[0]) * 1e9 / DensityPlan.PERIOD_NS), false)
                    .forEach(row -> System.out.println(RowLine.encode(row)));
            }
        }
    }
}
