package io.vmrpc.bench.run;

import java.util.List;

/**
 * How much of calls between two processes is measured.
 *
 * @param turns how often the ways take turns.
 * @param callMillis of calls of one size in one turn.
 * @param warmUpMillis before these, not recorded.
 * @param firstCalls before anything of a way is measured: compilers take longest over the ways with most code.
 */
public record PeerPlan(int turns, int callMillis, int warmUpMillis, int firstCalls) {
    /** Done in two minutes; enough for p99. */
    public static final PeerPlan QUICK = new PeerPlan(3, 300, 100, 20_000);
    /** Done in six minutes. */
    public static final PeerPlan FULL = new PeerPlan(6, 580, 120, 20_000);
    /** Bytes of a request, and of its answer. */
    static final List<Integer> BYTES = List.of(8, 256, 16_384, 1 << 20);
    /** How long the first calls may take; on a quiet machine the slowest way needs five seconds. */
    static final int FIRST_MILLIS = 40_000;

    /** What one part of a turn takes. */
    double partSeconds() {
        return BYTES.size() * (callMillis + warmUpMillis) / 1e3 + 0.8;
    }
}
