package io.vmrpc.bench.run;

import io.vmrpc.bench.density.Schedule;
import io.vmrpc.bench.report.DensityVariants;
import io.vmrpc.bench.report.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One measurement: loops that are running programs, a schedule, and who used the CPU meanwhile. */
final class DensityLevel {
    /** Between the command and the first cycle: every loop has its schedule by then. */
    private static final long LEAD_NS = 500_000_000;
    /** CPU is read so long before and after the first cycle, and before the last: nothing starts or ends meanwhile. */
    private static final long MARGIN_NS = 100_000_000;
    private static final int WARM_UP_LOOPS = 10;
    /** Of these together: enough for compilers to take notice. */
    private static final int WARM_UP_CYCLES_PER_SECOND = 4_000;
    private final ScheduledProgram program;
    private final CpuAccount account;
    private Path collections;

    /** The program answers with the rows; it need not be what runs the loops. */
    DensityLevel(final ScheduledProgram program, final CpuAccount account) {
        this.program = program;
        this.account = account;
    }

    /** The agent's log of its collections: those of the measurement go into the rows. */
    void collecting(final Path log) {
        collections = log;
    }

    /**
     * Unrecorded: a few loops with many cycles, then all of them. All at once would use the CPU up while their code is interpreted, at a
     * priority at which no compiler runs beside them, and so for ever.
     */
    void warmUp(final int loops, final double seconds) throws IOException, InterruptedException {
        final int few = Math.min(loops, WARM_UP_LOOPS);
        final int period = Math.min(DensityPlan.PERIOD_NS, (int)(1_000_000_000L * few / WARM_UP_CYCLES_PER_SECOND));
        program.tell(new Schedule(few, System.nanoTime() + LEAD_NS, period, (int)(seconds * 1e9 / period), false));
        program.rows();
        if (loops > few) {
            program.tell(new Schedule(loops, System.nanoTime() + LEAD_NS, DensityPlan.PERIOD_NS,
                (int)(seconds / 2 * 1e9 / DensityPlan.PERIOD_NS), false));
            program.rows();
        }
    }

    /** The rows, with their CPU. */
    List<Row> measure(final int loops, final int cycles, final boolean isTogether) throws IOException, InterruptedException {
        final Schedule schedule = new Schedule(loops, System.nanoTime() + LEAD_NS, DensityPlan.PERIOD_NS, cycles, isTogether);
        program.tell(schedule);
        return with(during(schedule), program.rows());
    }

    /** Waits for the end of a schedule that a program has been told; what was used meanwhile. */
    Map<String, String> during(final Schedule schedule) throws IOException, InterruptedException {
        final CpuAccount.Reading quiet = account.read();
        sleepUntil(schedule.startNs() - MARGIN_NS);
        final String before = CpuAccount.total(quiet, account.read());
        sleepUntil(schedule.startNs() + MARGIN_NS);
        final CpuAccount.Reading first = account.read();
        sleepUntil(schedule.startNs() + (long)schedule.count() * schedule.periodNs() - MARGIN_NS);
        final CpuAccount.Reading last = account.read();
        final Map<String, String> params = CpuAccount.between(first, last);
        params.put(DensityVariants.CPU_BEFORE, before);
        if (collections != null) {
            params.putAll(CollectionLog.between(collections, schedule.startNs(), schedule.startNs() + schedule.lengthNs()));
        }
        return params;
    }

    static List<Row> with(final Map<String, String> params, final List<Row> rows) {
        final List<Row> all = new ArrayList<>();
        for (final Row each : rows) {
            Row row = each;
            for (final Map.Entry<String, String> param : params.entrySet()) {
                row = row.withParam(param.getKey(), param.getValue());
            }
            all.add(row);
        }
        return all;
    }

    static Schedule fromNow(final int loops, final int cycles) {
        return new Schedule(loops, System.nanoTime() + LEAD_NS, DensityPlan.PERIOD_NS, cycles, false);
    }

    private static void sleepUntil(final long ns) throws InterruptedException {
        final long left = ns - System.nanoTime();
        if (left > 0) {
            Thread.sleep(left / 1_000_000, (int)(left % 1_000_000));
        }
    }

    /** The peer's and the loops' processes, and the agent's if there is one. */
    static CpuAccount account(final DensityPlace place, final List<Long> loops, final ScheduledProgram agent) {
        final CpuAccount account = new CpuAccount().with(DensityVariants.CPU_LOOPS, loops)
            .with(DensityVariants.CPU_PEER, List.of(place.peerPid()));
        return agent == null ? account : account.with(DensityVariants.CPU_AGENT, List.of(agent.pid()));
    }
}
