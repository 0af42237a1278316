package io.vmrpc.bench.density;

import io.vmrpc.bench.report.DensityVariants;
import io.vmrpc.bench.report.Row;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What control loops measured, together. Not thread-safe.
 *
 * <p>A period that a late wake has swallowed counts as a sample of lateness, as late as it was: without it the loops that suffer most would
 * say least (coordinated omission). A cycle whose answer did not come before the next one is missed, and so is a period that was swallowed.
 */
public final class CycleSamples {
    private final Schedule schedule;
    private final Histogram late = new Histogram(3);
    private final Histogram answers = new Histogram(3);

    /**
     * None yet.
     *
     * @param schedule that the loops kept.
     */
    public CycleSamples(final Schedule schedule) {
        this.schedule = schedule;
        late.setAutoResize(true);
        answers.setAutoResize(true);
    }

    /**
     * Takes one cycle.
     *
     * @param lateNs how late the loop ran again; below 0 counts as 0: clocks of two machines have an error.
     * @param answerNs from its datagram to the answer; 0: none came before the next cycle.
     */
    public void cycle(final long lateNs, final long answerNs) {
        late.recordValue(Math.max(0, lateNs));
        for (long swallowed = lateNs - schedule.periodNs(); swallowed >= 0; swallowed -= schedule.periodNs()) {
            late.recordValue(swallowed);
        }
        if (answerNs > 0) {
            answers.recordValue(answerNs);
        }
    }

    /** {@return cycles that did not get their answer, or did not take place} */
    public long missed() {
        return Math.max(0, schedule.cycles() - answers.getTotalCount());
    }

    /**
     * The rows: lateness, and the exchange of packets.
     *
     * @param variant of {@link DensityVariants}.
     * @param vm what executes the loops.
     * @return two.
     */
    public List<Row> rows(final String variant, final String vm) {
        final Map<String, String> params = new TreeMap<>(Map.of(DensityVariants.LOOPS, Integer.toString(schedule.loops()),
            DensityVariants.PHASES, schedule.isTogether() ? DensityVariants.TOGETHER : DensityVariants.SPREAD,
            DensityVariants.CYCLES, Long.toString(schedule.cycles()), DensityVariants.MISSED, Long.toString(missed())));
        return List.of(row(variant, vm, params, DensityVariants.LATENESS, late), row(variant, vm, params, DensityVariants.PACKET, answers));
    }

    private static Row row(final String variant, final String vm, final Map<String, String> params, final String what,
        final Histogram samples) {
        params.put(DensityVariants.WHAT, what);
        return Row.of(DensityVariants.DENSITY, variant, vm, "none", params, samples);
    }
}
