package io.vmrpc.bench.run;

/**
 * How much of the same control loop in different ways is measured.
 *
 * @param turns how often the ways take turns.
 * @param cycles recorded in one turn of a way.
 * @param hasOtherGuest whether a guest without any tuning and with an ordinary kernel is booted too.
 */
public record AlternativePlan(int turns, int cycles, boolean hasOtherGuest) {
    /** Done in two minutes, boot included; enough for p99. */
    public static final AlternativePlan QUICK = new AlternativePlan(1, 400, false);
    /** Done in ten minutes. */
    public static final AlternativePlan FULL = new AlternativePlan(3, 500, true);
    /** Of the control loop. */
    static final long PERIOD_NS = 10_000_000;
    /** Cycles of a turn before those that are recorded. */
    static final int WARM_UP = 100;
    /** To start the program and to read its samples, on a loaded and emulated CPU. */
    private static final double START_SECONDS = 1.3;

    double warmUpSeconds() {
        return WARM_UP * PERIOD_NS / 1e9;
    }

    double recordedSeconds() {
        return cycles * PERIOD_NS / 1e9;
    }

    /** What one turn of a way takes. */
    double partSeconds() {
        return warmUpSeconds() + recordedSeconds() + START_SECONDS;
    }
}
