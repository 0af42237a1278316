package io.vmrpc.bench.run;

import io.vmrpc.bench.report.ResponseVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.worker.Job;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Packets on 20 sockets at once, each acknowledged by a peer in a network of its own: over virtio-net and by sockets of the host. */
final class ResponseNetwork {
    /** As many as the published test had processes. */
    static final int SOCKETS = 20;
    private static final long WARM_UP_NS = 500_000_000;
    private static final long LEARNING_NS = 4_000_000_000L;
    /** An exchange over virtio-net on an emulated, loaded CPU. */
    private static final double EXCHANGE_SECONDS = 0.5e-3;
    private static final List<String> WAYS = List.of(ResponseVariants.OUTSOURCED, ResponseVariants.OWN_THREADS, ResponseVariants.OWN_EPOLL);
    private final Bench bench;
    private final NetPeer peer;
    private final ResponsePlan part;

    ResponseNetwork(final Bench bench, final NetPeer peer, final ResponsePlan part) {
        this.bench = bench;
        this.peer = peer;
        this.part = part;
    }

    static double learningSeconds() {
        return WAYS.size() * (LEARNING_NS / 1e9 + 0.5);
    }

    /** Unrecorded, so that the guest's compilers have seen all ways. */
    void learn() throws IOException, InterruptedException {
        for (final String way : WAYS) {
            bench.learn(job(way, SOCKETS, LEARNING_NS), Variants.VCPU_FIFO, learningSeconds() / WAYS.size());
        }
    }

    Subject subject() {
        final double seconds = part.exchanges() * EXCHANGE_SECONDS + WARM_UP_NS / 1e9;
        final List<Turns.Part> parts = new ArrayList<>();
        parts.add(() -> List.of(row(ResponseVariants.OUTSOURCED, Variants.VCPU_FIFO, seconds)));
        for (final String way : List.of(ResponseVariants.OWN_THREADS, ResponseVariants.OWN_EPOLL)) {
            Variants.HOSTS.forEach(host -> parts.add(() -> List.of(row(way, host, seconds))));
        }
        parts.add(() -> List.of(bench.beside(ResponseVariants.LIMIT, 1, this::limit)));
        return new Subject(parts, (parts.size() - 1) * seconds + 1);
    }

    private Row row(final String variant, final String host, final double seconds) throws IOException, InterruptedException {
        return bench.measure(variant, host, seconds, () -> bench.run(job(variant, part.exchanges(), WARM_UP_NS)));
    }

    private Row limit() throws IOException, InterruptedException {
        final Row row = Instruments.exchange(ResponseVariants.LIMIT, peer.address(), NetPeer.BUSY_PORT, SOCKETS, part.exchanges(), params());
        return Row.of(ResponseVariants.NETWORK, row.variant(), row.vm(), row.load(), row.params(), row.histogram().orElseThrow());
    }

    private Job job(final String variant, final int count, final long warmUpNs) {
        return new Job(ResponseVariants.NETWORK, variant, count, 0, warmUpNs, NetPlan.PAYLOAD, peer.address(), NetPeer.BUSY_PORT, params());
    }

    private static Map<String, String> params() {
        return Map.of(Variants.SOCKETS, Integer.toString(SOCKETS), Variants.PAYLOAD, Integer.toString(NetPlan.PAYLOAD));
    }
}
