package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.worker.Job;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The guest as a server, measured by programs that are not ours, from the peers' network: sockperf's messages answered by sockets of the host, or by sockperf's own
 * server over virtio-net; qperf's own server over virtio-net. qperf has no server but its own, which knows no sockets of the host. Without a guest both tools
 * measure the way there alone.
 */
final class OutsideRuns {
    static final int PORT = 7020;
    private static final int PEER_PORT = 7030;
    private static final int CONNECT_MS = 20_000;
    /** Start, calibration and warm-up of a tool, and the end of a server. */
    private static final double EXTRA_SECONDS = 3.5;
    /** How long a server may take to notice that its client has gone; one whose client never came gives up after 30 s. */
    private static final long END_SECONDS = 40;
    private static final int TRIES = 4;
    private static final List<String> EXCHANGES = List.of("udp", "tcp-rr");
    private final Bench bench;
    private final OutsideTools tools;
    private final String hostAddress;
    private final double seconds;

    /** peerCpu: of what runs in the peers' network. */
    OutsideRuns(final Bench bench, final NetPeer peer, final int peerCpu, final NetPlan plan) {
        this.bench = bench;
        tools = new OutsideTools(peer.network(), peerCpu);
        hostAddress = peer.network().host();
        seconds = plan.part().toolSeconds();
    }

    /** How long all of {@link #guest} takes, in one turn. */
    static double guestSeconds(final NetPlan plan) {
        return EXCHANGES.size() * (1 + 2 * (1 + Variants.HOSTS.size())) * (plan.part().toolSeconds() + EXTRA_SECONDS);
    }

    /** How long all of {@link #loopback} takes, in one turn. */
    static double loopbackSeconds(final NetPlan plan) {
        return EXCHANGES.size() * 3 * (plan.part().toolSeconds() + EXTRA_SECONDS);
    }

    /** Both tools against what a guest at that address serves, each kind of exchange with its rows in turns. */
    List<List<Turns.Part>> guest(final String guestAddress) {
        final List<List<Turns.Part>> all = new ArrayList<>();
        for (final String exchange : EXCHANGES) {
            final List<Turns.Part> parts = new ArrayList<>();
            parts.add(() -> List.of(outsourced(exchange, Variants.VCPU_FIFO, seconds)));
            for (final String tool : List.of(Variants.SOCKPERF_PREFIX, Variants.QPERF_PREFIX)) {
                for (final String host : Variants.HOSTS) {
                    parts.add(() -> List.of(own(tool + Variants.VIRTIO_NET_PREFIX + exchange, guestAddress, host)));
                }
                parts.add(() -> List.of(plain(tool + Variants.HOST_PREFIX + exchange)));
            }
            all.add(parts);
        }
        return all;
    }

    /** sockperf against the agent of this process, and both tools without it. */
    List<List<Turns.Part>> loopback() {
        final List<List<Turns.Part>> all = new ArrayList<>();
        for (final String exchange : EXCHANGES) {
            all.add(List.of(() -> List.of(outsourced(exchange, Variants.UNTOUCHED, seconds)), () -> List.of(plain(Variants.SOCKPERF_PREFIX + Variants.HOST_PREFIX + exchange)),
                () -> List.of(plain(Variants.QPERF_PREFIX + Variants.HOST_PREFIX + exchange))));
        }
        return all;
    }

    /** Unrecorded, so that the guest's compilers have seen the server; they take seconds, on the guest's other vCPU. */
    void warmUp(final double learningSeconds) throws IOException, InterruptedException {
        for (final String exchange : EXCHANGES) {
            outsourced(exchange, Variants.VCPU_FIFO, 2 * learningSeconds);
        }
    }

    private Row outsourced(final String exchange, final String host, final double toolSeconds) throws IOException, InterruptedException {
        final String variant = Variants.SOCKPERF_PREFIX + Variants.VMRPC_PREFIX + exchange;
        return served(Job.serve(variant, hostAddress, PORT), host, toolSeconds, () -> tools.fromPeer(variant, hostAddress, PORT, toolSeconds));
    }

    private Row own(final String variant, final String guestAddress, final String host) throws IOException, InterruptedException {
        return served(Job.serve(variant, guestAddress, PORT), host, seconds, () -> {
            try {
                return tools.fromPeer(variant, guestAddress, PORT, seconds);
            } finally {
                tellGone(guestAddress);
            }
        });
    }

    private static void tellGone(final String guestAddress) throws IOException {
        try (Socket gone = new Socket()) {
            gone.connect(new InetSocketAddress(guestAddress, PORT + 1), CONNECT_MS);
        }
    }

    private Row plain(final String variant) throws IOException, InterruptedException {
        return bench.beside(variant, seconds + EXTRA_SECONDS, () -> tools.fromHost(variant, PEER_PORT, seconds));
    }

    private Row served(final Job job, final String host, final double toolSeconds, final Bench.Measurement client) throws IOException, InterruptedException {
        return bench.measure(job.variant(), host, toolSeconds + EXTRA_SECONDS, () -> {
            for (int i = 1; i < TRIES; i++) {
                final Optional<Row> row = tried(job, client);
                if (row.isPresent()) {
                    return row.get();
                }
                bench.note("the guest's JVM crashed and was started again: " + job.variant() + " is repeated");
            }
            throw new IOException("the guest's server of " + job.variant() + " ended " + TRIES + " times before its client: its output says why");
        });
    }

    /** The client's row with what the server says; empty if the server crashed, whatever the client makes of that. */
    private Optional<Row> tried(final Job job, final Bench.Measurement client) throws IOException, InterruptedException {
        bench.run(job);
        IOException failure = null;
        Row row = null;
        try {
            row = client.run();
        } catch (final IOException e) {
            failure = e;
        }
        final Optional<Row> end = bench.nextRow(END_SECONDS);
        if (end.isPresent() && failure != null) {
            throw failure;
        }
        final Row measured = row;
        return end.map(server -> server.param(Variants.SERVED).equals("-1") ? measured : measured.withParam(Variants.SERVED, server.param(Variants.SERVED)));
    }
}
