package io.vmrpc.bench.compare;

import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Statistic;
import io.vmrpc.bench.report.Units;
import java.util.Locale;

/**
 * One figure in two runs.
 *
 * @param key what was measured
 * @param statistic of both
 * @param before the old run's row
 * @param after the new run's row
 * @param times how many times worse it became: as long, or as seldom; below 1 it became better
 * @param noise what may lie between two runs of the same code
 * @param machine by how much the machine itself became slower
 * @param verdict what follows
 */
public record Change(RowKey key, Statistic statistic, Row before, Row after, double times, double noise, MachineChange.Range machine,
    Verdict verdict) {
    /** What a change says. */
    public enum Verdict {
        /** Worse than the machine's change and the noise together explain. */
        SLOWER,
        /** Better than they explain. */
        FASTER,
        /** Within them. */
        SAME,
        /** The machine was disturbed in one of the runs. */
        DISTURBED
    }

    static Change of(final RowKey key, final Statistic statistic, final Row before, final Row after, final MachineChange machineChange) {
        final double old = Math.max(1, statistic.of(before.figures()));
        final double fresh = Math.max(1, statistic.of(after.figures()));
        final String unit = Units.of(before);
        final double times = Units.isMoreBetter(unit) ? old / fresh : fresh / old;
        final double noise = Noise.of(statistic, before, after);
        final MachineChange.Range machine = machineChange.explains(unit);
        final Verdict verdict = Noise.isDisturbed(before) || Noise.isDisturbed(after) ? Verdict.DISTURBED
            : times > machine.most() * noise ? Verdict.SLOWER : times < machine.least() / noise ? Verdict.FASTER : Verdict.SAME;
        return new Change(key, statistic, before, after, times, noise, machine, verdict);
    }

    /** {@return one line: figure, before, after, how much, and what was allowed} */
    public String words() {
        final boolean isWorse = times >= 1;
        final String unit = Units.of(before);
        final String manner = Units.isMoreBetter(unit) ? isWorse ? "less" : "more" : unit.equals(Units.NANOSECONDS) ? isWorse ? "slower"
            : "faster" : isWorse ? "more" : "less";
        return String.format(Locale.ROOT, "%s: %s %s -> %s, %.2f times %s (allowed: %.2f)", key.words(), statistic.label(),
            Units.words(before, statistic.of(before.figures())),
            Units.words(after, statistic.of(after.figures())), isWorse ? times : 1 / times, manner, isWorse ? machine.most() * noise
            : noise / machine.least());
    }
}
