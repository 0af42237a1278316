package io.vmrpc.bench.run;

/**
 * How much of the network is measured.
 *
 * @param exchanges samples of a row by sockets of the host.
 * @param slowExchanges samples of one over virtio-net.
 * @param streams of a bulk row.
 * @param toolSeconds that sockperf and qperf take for a row; a whole number of them in each turn.
 * @param costs samples of a row of what a stream costs, each in a turn of its own.
 * @param turns how often what is compared takes turns.
 */
public record NetPlan(int exchanges, int slowExchanges, int streams, int toolSeconds, int costs, int turns) {
    /** Done in some ten minutes; enough for p99. */
    public static final NetPlan QUICK = new NetPlan(4_000, 1_000, 2, 2, 3, 1);
    /** At least 10,000 samples in every row of exchanges; enough for p99.9. */
    public static final NetPlan FULL = new NetPlan(20_000, 10_000, 6, 10, 10, 2);
    /** Bytes of a request and of its answer. */
    static final int PAYLOAD = 64;

    /** How long an exchange is done, unrecorded, before the first row: the guest's compilers take longer than the exchanges. */
    int learningSeconds() {
        return Math.max(5, toolSeconds);
    }

    /** What is measured in one turn. */
    NetPlan part() {
        return new NetPlan(exchanges / turns, slowExchanges / turns, streams / turns, toolSeconds / turns, costs, 1);
    }
}
