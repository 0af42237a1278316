package io.vmrpc.bench.run;

/**
 * How much of timer and network response is measured, in each row.
 *
 * @param turns in so many parts
 * @param slow handlers with a period of 10 ms
 * @param fast handlers with 1 ms, in Java
 * @param fastPrograms handlers with 1 ms of C programs; 0 for none
 * @param exchanges packets acknowledged
 * @param phaseSeconds of a phase of the time line
 */
public record ResponsePlan(int turns, int slow, int fast, int fastPrograms, int exchanges, int phaseSeconds) {
    /** Done in five minutes; enough for p99. */
    public static final ResponsePlan QUICK = new ResponsePlan(1, 110, 400, 0, 2_000, 5);
    /** Done in some forty minutes: 10,000 handlers of 1 ms are enough for p99.9, 2,000 of 10 ms for p99. */
    public static final ResponsePlan FULL = new ResponsePlan(2, 2_000, 10_000, 10_000, 20_000, 15);
    static final long SLOW_NS = 10_000_000;
    static final long FAST_NS = 1_000_000;
    /** Handlers before those that count: the way was learned before. */
    static final int WARM_UP = 10;

    /** What one of the turns measures. */
    ResponsePlan part() {
        return new ResponsePlan(1, slow / turns, fast / turns, fastPrograms / turns, exchanges / turns, phaseSeconds);
    }

    int handlers(final long periodNs) {
        return periodNs == SLOW_NS ? slow : fast;
    }

    int programHandlers(final long periodNs) {
        return periodNs == SLOW_NS ? slow : fastPrograms;
    }
}
