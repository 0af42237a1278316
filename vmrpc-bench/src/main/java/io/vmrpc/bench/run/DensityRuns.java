package io.vmrpc.bench.run;

import io.vmrpc.bench.density.CycleLoops;
import io.vmrpc.bench.report.DensityLimit;
import io.vmrpc.bench.report.DensityVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.vm.Accelerator;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How many control loops this machine bears: each waits for its time in a park and exchanges one packet with a peer every 10 ms. QEMU
 * processes with freestanding guests, loopback sessions, conventional threads; sessions beside garbage collection in the agent; sessions on
 * a real-time kernel. One agent with one shard serves all. Each kind grows until it breaks.
 */
public final class DensityRuns {
    private static final double GUEST_START_SECONDS = 0.3;
    private static final double AGENT_START_SECONDS = 2;
    private static final double LOOPS_START_SECONDS = 2;
    private static final double RT_START_SECONDS = 25;
    private final PrintStream log;
    private final Accelerator accelerator;
    private final DensityPlan plan;
    private final Results results;
    private final Progress progress;

    /**
     * Prepares runs.
     *
     * @param log where steps are told.
     * @param accelerator what executes the freestanding guests' code.
     * @param plan how much.
     * @param results get the rows.
     */
    public DensityRuns(final PrintStream log, final Accelerator accelerator, final DensityPlan plan, final Results results) {
        this.log = log;
        this.accelerator = accelerator;
        this.plan = plan;
        this.results = results;
        progress = new Progress(log, seconds(plan));
    }

    /**
     * How long {@link #measure} takes.
     *
     * @param plan how much is measured.
     * @return seconds, if nothing breaks before the largest size.
     */
    public static double seconds(final DensityPlan plan) {
        return plan.guests().stream().mapToDouble(n -> guestSeconds(plan, n)).sum()
            + (plan.sessions().size() + 1) * sessionSeconds(plan)
            + plan.threads().size() * (threadSeconds(plan) + javaSeconds(plan)) + rtSeconds(plan);
    }

    private static double warmUpSeconds(final DensityPlan plan) {
        return 1.5 * plan.warmUpSeconds() + 1;
    }

    private static double guestSeconds(final DensityPlan plan, final int count) {
        final int measurements = count == plan.together() ? 2 : 1;
        return AGENT_START_SECONDS + count * GUEST_START_SECONDS + warmUpSeconds(plan) + measurements * (plan.seconds() + 1);
    }

    private static double sessionSeconds(final DensityPlan plan) {
        return AGENT_START_SECONDS + LOOPS_START_SECONDS + warmUpSeconds(plan) + plan.seconds() + 1;
    }

    private static double threadSeconds(final DensityPlan plan) {
        return plan.seconds() + 1;
    }

    private static double javaSeconds(final DensityPlan plan) {
        return LOOPS_START_SECONDS + warmUpSeconds(plan) + plan.seconds() + 1;
    }

    private static double rtSeconds(final DensityPlan plan) {
        return plan.onRt().isEmpty() ? 0 : RT_START_SECONDS + warmUpSeconds(plan) + plan.onRt().size() * (plan.seconds() + 1);
    }

    /**
     * Measures everything; each row is kept as soon as it is whole.
     *
     * @throws IOException if something cannot be started.
     * @throws InterruptedException if interrupted.
     */
    public void measure() throws IOException, InterruptedException {
        try (DensityPlace place = new DensityPlace(-1, -1)) {
            grow("freestanding guests", plan.guests(), n -> guestSeconds(plan, n), n -> guests(place, n));
            grow("loopback sessions", plan.sessions(), n -> sessionSeconds(plan), n -> sessions(place, DensityVariants.LOOPBACK, n));
            grow("C threads", plan.threads(), n -> threadSeconds(plan), n -> upToTwice(() -> HostThreads.measure(place, n, plan.cycles())));
            grow("Java threads", plan.threads(), n -> javaSeconds(plan), n -> javaThreads(place, n));
            grow("loopback sessions, the agent collects garbage", List.of(plan.collecting()), n -> sessionSeconds(plan),
                n -> sessions(place, DensityVariants.LOOPBACK_GC, n));
        }
        if (plan.onRt().isEmpty()) {
            return;
        }
        progress.step("a real-time Linux guest as the host of loopback sessions", rtSeconds(plan));
        results.addAll(DensityOnRt.measure(plan, log));
    }

    /** What is measured with so many loops. */
    private interface Size {
        List<Row> measure(int loops) throws IOException, InterruptedException;
    }

    /** How long that takes. */
    private interface Seconds {
        double of(int loops);
    }

    private void grow(final String what, final List<Integer> sizes, final Seconds seconds, final Size size)
        throws IOException, InterruptedException {
        for (final int loops : sizes) {
            progress.step(loops + " " + what, seconds.of(loops));
            final List<Row> rows = size.measure(loops);
            results.addAll(rows);
            if (DensityLimit.of(rows).isPresent()) {
                progress.note(DensityLimit.of(rows).orElseThrow());
                return;
            }
        }
    }

    /** A size that breaks is measured once more, since what disturbs the machine for a moment is enough to make a small one break. */
    private static List<Row> upToTwice(final Turns.Part part) throws IOException, InterruptedException {
        final List<Row> rows = new ArrayList<>();
        for (int i = 1; i <= 2 && (i == 1 || DensityLimit.of(rows).isPresent()); i++) {
            for (final Row row : part.run()) {
                rows.add(row.withParam(DensityVariants.TRY, Integer.toString(i)));
            }
        }
        return rows;
    }

    /** Where that is wanted, the same guests once more with all cycles at the same instants. */
    private List<Row> guests(final DensityPlace place, final int count) throws IOException, InterruptedException {
        try (ScheduledProgram agent = place.agent(count, false).awaitReady();
            DensityGuests guests = new DensityGuests(place, accelerator, count)) {
            final DensityLevel level = new DensityLevel(agent, DensityLevel.account(place, guests.pids(), agent));
            level.warmUp(count, plan.warmUpSeconds());
            final List<Row> rows = upToTwice(() -> level.measure(count, plan.cycles(), false));
            if (count == plan.together()) {
                rows.addAll(level.measure(count, plan.cycles(), true));
            }
            return rows.stream().map(row -> row.in(accelerator.name().toLowerCase(Locale.ROOT), "none")).toList();
        }
    }

    private List<Row> sessions(final DensityPlace place, final String variant, final int count) throws IOException, InterruptedException {
        final boolean collects = variant.equals(DensityVariants.LOOPBACK_GC);
        try (ScheduledProgram agent = place.agent(count, collects).awaitReady();
            ScheduledProgram loops = place.loops(CycleLoops.PARKED, variant, count).awaitReady()) {
            final DensityLevel level = new DensityLevel(loops, DensityLevel.account(place, List.of(loops.pid()), agent));
            level.warmUp(count, plan.warmUpSeconds());
            if (collects) {
                level.collecting(place.collections());
            }
            return upToTwice(() -> level.measure(count, plan.cycles(), false));
        }
    }

    private List<Row> javaThreads(final DensityPlace place, final int count) throws IOException, InterruptedException {
        try (ScheduledProgram loops = place.loops(CycleLoops.HOST, DensityVariants.HOST_JAVA, count).awaitReady()) {
            final DensityLevel level = new DensityLevel(loops, DensityLevel.account(place, List.of(loops.pid()), null));
            level.warmUp(count, plan.warmUpSeconds());
            return upToTwice(() -> level.measure(count, plan.cycles(), false));
        }
    }
}
