package io.vmrpc.bench.run;

import io.vmrpc.bench.report.ControlVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.worker.CyclictestOutput;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Control measurements of one run: the same short work before, between and after its parts, while nothing else runs. Whatever differs
 * between two of them is the
 * machine's doing; the report marks parts beside which it differs much. Needs cyclictest of rt-tests and a user who may have SCHED_FIFO.
 * For one thread.
 *
 * <pre>
 *   Control control = new Control(System.err, results);
 *   control.measure("");
 *   timerRuns.measure();          // its rows go to the same results
 *   control.measure("timers");
 * </pre>
 */
public final class Control {
    /** What one control takes. */
    public static final double SECONDS = 3;
    private static final long PERIOD_NS = 1_000_000;
    private static final int WAKE_UPS = 2_000;
    private static final long WORK_NS = 400_000_000;
    private static final int HISTOGRAM_US = 100_000;
    private final PrintStream log;
    private final Results results;
    private final CpuWork work = new CpuWork();
    private StolenTime lastTold;
    private int number;

    /**
     * Prepares; time that is stolen counts from here on.
     *
     * @param log where it is told.
     * @param results get three rows of the bench {@link ControlVariants#CONTROL} for each control.
     * @throws IOException if /proc/stat cannot be read.
     */
    public Control(final PrintStream log, final Results results) throws IOException {
        this.log = log;
        this.results = results;
        this.lastTold = StolenTime.now();
    }

    /**
     * Measures once.
     *
     * @param after what was measured since the last control; empty for the first.
     * @throws IOException if cyclictest fails or is missing.
     * @throws InterruptedException if interrupted.
     */
    public void measure(final String after) throws IOException, InterruptedException {
        number++;
        log.println("       control measurement" + (after.isEmpty() ? "" : " after " + after));
        final Map<String, String> params = new HashMap<>(Map.of(ControlVariants.NUMBER, Integer.toString(number), ControlVariants.AFTER,
            after));
        final Histogram pieces = work.pieces(WORK_NS);
        final Histogram wakeUps = wakeUps();
        final StolenTime now = StolenTime.now();
        final Histogram stolen = new Histogram(3);
        stolen.recordValue(now.ppmSince(lastTold));
        lastTold = now;
        results.add(row(ControlVariants.WAKE_UP, params, wakeUps));
        results.add(row(ControlVariants.WORK, params, pieces).withParam(ControlVariants.CPU_MODEL,
            Machine.cpu()).withParam(ControlVariants.KERNEL, Machine.kernel()));
        results.add(row(ControlVariants.STEAL, params, stolen).withParam(Variants.UNIT, ControlVariants.PPM));
    }

    /** On the CPU of the real-time vCPU's thread, with its priority. */
    private static Histogram wakeUps() throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>(Instruments.cyclictest(1, PERIOD_NS, WAKE_UPS, "-h", Integer.toString(HISTOGRAM_US)));
        command.addAll(List.of("-a", Integer.toString(Scheduling.REAL_TIME_CPU)));
        return CyclictestOutput.histogram(Instruments.run(command));
    }

    private static Row row(final String variant, final Map<String, String> params, final Histogram samples) {
        return Row.of(ControlVariants.CONTROL, variant, Variants.NO_VM, "none", params, samples);
    }
}
