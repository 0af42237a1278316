package io.vmrpc.bench.run;

import java.util.List;

/**
 * How much is measured.
 *
 * @param timerSamples of a timer row with a period of 2 ms.
 * @param slowTimerSamples of one with 10 ms.
 * @param calls of a row of round trips by channel, and of the limits.
 * @param slowCalls of one by TCP.
 */
public record Plan(int timerSamples, int slowTimerSamples, int calls, int slowCalls) {
    /** Done in three minutes; enough for p99. */
    public static final Plan QUICK = new Plan(800, 200, 10_000, 2_000);
    /** At least 10,000 samples in every row; enough for p99.9. */
    public static final Plan FULL = new Plan(10_000, 10_000, 100_000, 10_000);
    /** The periods measured. */
    static final List<Long> PERIODS_NS = List.of(2_000_000L, 10_000_000L);
    /** Bytes of a call, each way. */
    static final int PAYLOAD = 16;

    /** A part of this plan's calls, for what is measured in turns. */
    Plan part(final int parts) {
        return new Plan(timerSamples, slowTimerSamples, calls / parts, slowCalls / parts);
    }

    int timerSamples(final long periodNs) {
        return periodNs <= PERIODS_NS.get(0) ? timerSamples : slowTimerSamples;
    }

    static String text(final long periodNs) {
        return periodNs / 1_000_000 + "ms";
    }
}
