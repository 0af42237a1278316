package io.vmrpc.bench.run;

/**
 * How much is measured from outside.
 *
 * @param messages of a row, in all its turns.
 * @param learningMessages that warm up each way of the guest, unrecorded.
 * @param turns how often what is compared takes turns.
 */
public record ProbePlan(int messages, int learningMessages, int turns) {
    /** Done in two minutes; enough for p99. */
    public static final ProbePlan QUICK = new ProbePlan(2_500, 4_000, 1);
    /** Done in eight minutes; enough for p99.9. */
    public static final ProbePlan FULL = new ProbePlan(20_000, 10_000, 2);
    /** Time between two messages. */
    static final long INTERVAL_NS = 1_000_000;
    /** An answer after so long is late: the published control loop's period. */
    static final long LATE_NS = 10_000_000;
    /** Bytes of a message. */
    static final int PAYLOAD = 64;
    /** How long an answer may take that comes after the last message. */
    static final long PATIENCE_NS = 1_000_000_000;
    /** Sent first in each turn, and not told: addresses are resolved, caches filled. */
    static final int SKIPPED = 100;

    /** Messages of a row in one turn. */
    int part() {
        return messages / turns;
    }
}
