package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.worker.Job;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What it adds to a socket of the host that another process owns it, without a VM: datagrams by the agent's socket, by a plain one, and the hand-overs of a futex
 * ping-pong in C, of which the agent's way has one more there and one more back; the same by tools that are not ours; and streams by the CPU time that they cost.
 */
final class NetLoopback {
    private static final int STREAMS_A_SAMPLE = 64;
    private static final int CHUNK = 65_536;
    private static final int WARM_UPS = 2;
    private static final double COST_SECONDS = 2.5;
    private final PrintStream log;
    private final NetPlan plan;
    private final NetPlan part;
    private final Progress progress;
    private final Results results;

    NetLoopback(final PrintStream log, final NetPlan plan, final Results results) {
        this.results = results;
        this.log = log;
        this.plan = plan;
        part = plan.part();
        progress = new Progress(log, plan.turns() * (2 * exchangeSeconds() + OutsideRuns.loopbackSeconds(plan))
            + Variants.PLACES.size() * 2 * (plan.costs() + WARM_UPS) * COST_SECONDS + 2);
    }

    private double exchangeSeconds() {
        return part.exchanges() * 0.1e-3 + NetRuns.WARM_UP_NS / 1e9;
    }

    void measure() throws IOException, InterruptedException {
        try (NetPeer peer = new NetPeer()) {
            with(Variants.WITH_PEER, peer, (bench, side) -> {
                exchanges(bench, peer);
                costs(bench, side, Variants.WITH_PEER, peer);
            });
            with(Variants.APART, peer, (bench, side) -> costs(bench, side, Variants.APART, peer));
        }
    }

    /** What is done with an agent and a worker. */
    private interface Steps {
        void run(Bench bench, Side side) throws IOException, InterruptedException;
    }

    /** The agent is on the CPU of the peer, or where it is beside a vCPU. */
    private void with(final String place, final NetPeer peer, final Steps steps) throws IOException, InterruptedException {
        try (Agents agents = NetRuns.agents(place.equals(Variants.WITH_PEER), peer)) {
            agents.blocking();
            try (LoopbackSide side = new LoopbackSide(agents.region(), Scheduling.PRIORITY, log); Bench bench = new Bench(agents, side, progress)) {
                steps.run(bench, side);
            }
        }
    }

    private void exchanges(final Bench bench, final NetPeer peer) throws IOException, InterruptedException {
        results.addAll(Turns.take(plan.turns(), List.of(
            () -> List.of(exchange(bench, Variants.VMRPC_UDP, peer)),
            () -> List.of(exchange(bench, Variants.HOST_UDP, peer)),
            () -> List.of(Instruments.limit("futex", part.exchanges(), "none")))));
        for (final List<Turns.Part> parts : new OutsideRuns(bench, peer, 0, plan).loopback()) {
            results.addAll(Turns.take(plan.turns(), parts));
        }
    }

    private void costs(final Bench bench, final Side side, final String place, final NetPeer peer) throws IOException, InterruptedException {
        for (int i = 0; i < WARM_UPS; i++) { // compilers work on both sides
            cost(bench, side, Variants.VMRPC_TCP_CPU, place, peer);
            cost(bench, side, Variants.HOST_TCP_CPU, place, peer);
        }
        results.addAll(Turns.take(plan.costs(), List.of(
            () -> List.of(cost(bench, side, Variants.VMRPC_TCP_CPU, place, peer)),
            () -> List.of(cost(bench, side, Variants.HOST_TCP_CPU, place, peer)))));
    }

    private Row exchange(final Bench bench, final String variant, final NetPeer peer) throws IOException, InterruptedException {
        return bench.measure(Job.net(variant, NetPlan.PAYLOAD, part.exchanges(), 100, NetRuns.WARM_UP_NS, peer.address(), NetPeer.BUSY_PORT,
            Map.of(Variants.SOCKETS, "1", Variants.PAYLOAD, Integer.toString(NetPlan.PAYLOAD))), Variants.UNTOUCHED, exchangeSeconds());
    }

    /**
     * One sample: bytes of a connection by the CPU time of both JVMs meanwhile, so that whatever works for it counts: the thread that writes, the agent's shard,
     * compilers. The peer's does not, though the kernel lets it do some of the sending: it is in the row, as {@link Variants#PEER_CPU}.
     */
    private Row cost(final Bench bench, final Side side, final String variant, final String place, final NetPeer peer) throws IOException, InterruptedException {
        return bench.beside(variant + ", " + place, COST_SECONDS, () -> {
            final long before = CpuTime.ofProcess(side.pid()) + CpuTime.ofProcess(ProcessHandle.current().pid());
            final long peerBefore = CpuTime.ofProcess(peer.busyPid());
            final Row stream = bench.run(Job.net(variant, CHUNK, STREAMS_A_SAMPLE, 0, 0, peer.address(), NetPeer.BUSY_PORT,
                Map.of(Variants.PLACE, place)));
            final long ns = CpuTime.ofProcess(side.pid()) + CpuTime.ofProcess(ProcessHandle.current().pid()) - before;
            final long peerNs = CpuTime.ofProcess(peer.busyPid()) - peerBefore;
            final Histogram sample = new Histogram(Instruments.HIGHEST_NS, 3);
            sample.recordValue((long)(STREAMS_A_SAMPLE * Job.STREAM_BYTES * 1e9 / ns));
            return Row.of(Variants.NET, variant, Variants.NO_VM, "none", Map.of(Variants.PLACE, place, Variants.PAYLOAD, Integer.toString(CHUNK),
                Variants.UNIT, Variants.BYTES_PER_CPU_SECOND, Variants.RATE, Long.toString(Math.round(stream.figures().mean() / 1e6)),
                Variants.PEER_CPU, Long.toString(100 * peerNs / ns)), sample);
        });
    }
}
