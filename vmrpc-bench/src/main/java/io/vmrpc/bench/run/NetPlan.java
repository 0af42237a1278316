package io.vmrpc.bench.run;

/**
 * How much of the network is measured.
 *
 * @param exchanges samples of a row by sockets of the host.
 * @param slowExchanges samples of one over virtio-net.
 * @param streams of a bulk row.
 * @param turns how often what is compared takes turns.
 */
public record NetPlan(int exchanges, int slowExchanges, int streams, int turns) {
    /** Done in some four minutes; enough for p99. */
    public static final NetPlan QUICK = new NetPlan(4_000, 1_000, 2, 1);
    /** At least 10,000 samples in every row of exchanges; enough for p99.9. */
    public static final NetPlan FULL = new NetPlan(20_000, 10_000, 6, 2);

    /** What is measured in one turn. */
    NetPlan part() {
        return new NetPlan(exchanges / turns, slowExchanges / turns, streams / turns, 1);
    }
}
