package io.vmrpc.bench.run;

import io.vmrpc.bench.report.IndependenceVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What one, two and three ordinary VMs get at once of CPU, memory and network; the same beside a real-time VM whose vCPU parks, and how
 * late that one's control loop wakes meanwhile. All that are compared take turns, and all that measure at once do so in the same window of
 * time.
 */
public final class IndependenceRuns {
    private static final double BOOT_SECONDS = 15;
    private static final double WARM_UP_SECONDS = 12;
    /** Around each window: the programs start, agree, and end. */
    private static final double START_SECONDS = 0.55;
    private static final double WARM_UP_WINDOW_SECONDS = 0.2;
    /** The guests' /dev/shm is theirs alone. */
    private static final String GUEST_REGION = "/dev/shm/region";
    private final PrintStream log;
    private final Path home;
    private final Path programs;
    private final String kernel;
    private final IndependencePlan plan;
    private final Results results;
    private final Progress progress;
    private OrdinaryVms vms;
    private IndependencePeers peers;

    /**
     * Prepares a run; one object is good for one.
     *
     * @param log where steps are told.
     * @param home the repository, with the built native programs.
     * @param kernel of the ordinary VMs: {@code rt}, {@code cloud} or a file.
     * @param plan how much.
     * @param results get the rows.
     */
    public IndependenceRuns(final PrintStream log, final Path home, final String kernel, final IndependencePlan plan,
        final Results results) {
        this.log = log;
        this.home = home;
        programs = GuestSide.programs(home);
        this.kernel = kernel;
        this.plan = plan;
        this.results = results;
        progress = new Progress(log, seconds(plan));
    }

    /**
     * How long a run takes.
     *
     * @param plan of it.
     * @return seconds, boot included.
     */
    public static double seconds(final IndependencePlan plan) {
        double sum = BOOT_SECONDS + WARM_UP_SECONDS;
        for (final IndependenceProgram program : IndependenceProgram.values()) {
            sum += plan.turns() * turnSeconds(program, plan);
        }
        return sum + plan.turns() * 2 * (plan.seconds() + START_SECONDS);
    }

    private static double turnSeconds(final IndependenceProgram program, final IndependencePlan plan) {
        final int windows = OrdinaryVms.COUNT + (program.isForHost() ? OrdinaryVms.COUNT : 0) + (program.isOurs() ? 2 : 0);
        return windows * (plan.seconds() + START_SECONDS);
    }

    /**
     * Measures.
     *
     * @throws IOException if something cannot be started, or a program finds its own results wrong.
     * @throws InterruptedException if interrupted.
     */
    public void measure() throws IOException, InterruptedException {
        progress.step("booting three ordinary guests and a real-time one (QEMU, TCG)", BOOT_SECONDS);
        try (OrdinaryVms guests = new OrdinaryVms(home, kernel, plan.megabytes(), log);
            IndependencePeers others = new IndependencePeers(guests.all())) {
            vms = guests;
            peers = others;
            progress.note("each guest rewrites " + vms.regionMb() + " MB" + (vms.regionMb() < plan.megabytes()
                ? ", more than that this machine cannot spare" : ""));
            warmUp();
            for (final IndependenceProgram program : IndependenceProgram.values()) {
                program(program);
            }
            alone();
        }
    }

    /** Programs come into the guests' memory, and emulated CPUs translate them. */
    private void warmUp() throws IOException, InterruptedException {
        progress.step("warming up", WARM_UP_SECONDS);
        for (final IndependenceProgram program : IndependenceProgram.values()) {
            new Tally(program, IndependenceVariants.VM_ALONE, OrdinaryVms.COUNT)
                .add(SharedWindow.run(WARM_UP_WINDOW_SECONDS, guests(program, OrdinaryVms.COUNT))); // one that does not work is found now
        }
        for (final boolean isParked : new boolean[] {false, true}) {
            vms.realTime().become(isParked);
            SharedWindow.run(WARM_UP_WINDOW_SECONDS, List.of(vms.realTime().controlLoop(isParked)));
        }
    }

    private void program(final IndependenceProgram program) throws IOException, InterruptedException {
        final List<Tally> tallies = new ArrayList<>();
        for (int count = 1; count <= OrdinaryVms.COUNT; count++) {
            tallies.add(new Tally(program, IndependenceVariants.VM_ALONE, count));
        }
        final List<Tally> processes = new ArrayList<>();
        for (int count = 1; program.isForHost() && count <= OrdinaryVms.COUNT; count++) {
            processes.add(new Tally(program, IndependenceVariants.PROCESS, count));
        }
        final Beside parked = new Beside(program, true);
        final Beside conventional = new Beside(program, false);
        for (int turn = 1; turn <= plan.turns(); turn++) {
            progress.step(program.title() + ", turn " + turn + " of " + plan.turns(), turnSeconds(program, plan));
            for (int i = 0; i < tallies.size(); i++) {
                tallies.get(i).add(SharedWindow.run(plan.seconds(), guests(program, i + 1)));
            }
            for (int i = 0; i < processes.size(); i++) {
                processes.get(i).add(SharedWindow.run(plan.seconds(), processes(program, i + 1)));
            }
            if (program.isOurs()) {
                final boolean isOdd = turn % 2 == 1; // so the VM changes once in a turn, and neither is always the first
                (isOdd ? parked : conventional).measure();
                (isOdd ? conventional : parked).measure();
            }
        }
        tallies.forEach(tally -> results.addAll(tally.rows(vms.regionMb())));
        processes.forEach(tally -> results.addAll(tally.rows(vms.regionMb())));
        if (program.isOurs()) {
            parked.report();
            conventional.report();
        }
    }

    /** The control loop while no ordinary VM works. */
    private void alone() throws IOException, InterruptedException {
        for (final boolean isParked : new boolean[] {true, false}) {
            final Histogram lateness = new Histogram(Instruments.HIGHEST_NS, 3);
            double percent = 0;
            vms.realTime().become(isParked);
            for (int turn = 1; turn <= plan.turns(); turn++) {
                progress.step("the control loop alone, turn " + turn + " of " + plan.turns(), plan.seconds() + START_SECONDS);
                percent += SharedWindow.run(plan.seconds(), List.of(vms.realTime().controlLoop(isParked))).cpuPercent()[0] / plan.turns();
                lateness.add(vms.realTime().lateness());
            }
            results.add(loopRow(IndependenceVariants.NOTHING, 0, isParked, lateness, percent));
        }
    }

    private static Row loopRow(final String program, final int count, final boolean isParked, final Histogram lateness,
        final double percent) {
        final String variant = isParked ? IndependenceVariants.LOOP_PARKED : IndependenceVariants.LOOP_GUEST;
        return Row.of(IndependenceVariants.REAL_TIME, variant, "tcg", "none", Map.of(IndependenceVariants.PROGRAM, program,
            IndependenceVariants.VMS, Integer.toString(count), Variants.PERIOD, Plan.text(RealTimeVm.PERIOD_NS),
                IndependenceVariants.SHARE, String.format(Locale.ROOT, "%.3f", percent)), lateness);
    }

    /** All ordinary VMs beside the real-time one. */
    private final class Beside {
        private final IndependenceProgram program;
        private final boolean isParked;
        private final Tally tally;
        private final Histogram lateness = new Histogram(Instruments.HIGHEST_NS, 3);
        private double percent;

        Beside(final IndependenceProgram program, final boolean isParked) {
            this.program = program;
            this.isParked = isParked;
            tally = new Tally(program, isParked ? IndependenceVariants.VM_BESIDE : IndependenceVariants.VM_BESIDE_FIFO, OrdinaryVms.COUNT);
        }

        void measure() throws IOException, InterruptedException {
            vms.realTime().become(isParked);
            final List<Competitor> all = guests(program, OrdinaryVms.COUNT);
            all.add(vms.realTime().controlLoop(isParked));
            final SharedWindow.Outcome outcome = SharedWindow.run(plan.seconds(), all);
            percent += outcome.cpuPercent()[OrdinaryVms.COUNT] / plan.turns();
            lateness.add(vms.realTime().lateness());
            tally.add(outcome);
        }

        void report() {
            results.addAll(tally.rows(vms.regionMb()));
            results.add(loopRow(program.title(), OrdinaryVms.COUNT, isParked, lateness, percent));
        }
    }

    /** A list that may grow. */
    private List<Competitor> guests(final IndependenceProgram program, final int count) throws IOException {
        if (program == IndependenceProgram.SOCKPERF) {
            peers.serveSockperf(count);
        }
        final List<Competitor> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final int vm = i;
            all.add(vms.get(vm).running(join -> command(program, join, vm, GUEST_REGION)));
        }
        return all;
    }

    private List<Competitor> processes(final IndependenceProgram program, final int count) {
        final List<Competitor> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final int vm = i;
            all.add(new HostProcess(join -> command(program, join, vm, "")));
        }
        return all;
    }

    private String command(final IndependenceProgram program, final String join, final int vm, final String region) {
        return program.command(programs, join, plan.seconds(), vms.regionMb(), peers.address(), peers.port(vm), peers.sockperfPort(vm),
            region);
    }
}
