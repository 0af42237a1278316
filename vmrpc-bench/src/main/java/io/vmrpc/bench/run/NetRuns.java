package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.worker.Job;
import io.vmrpc.host.policy.GuestPolicy;
import io.vmrpc.host.policy.Limits;
import io.vmrpc.host.policy.Policy;
import io.vmrpc.host.policy.Rule;
import io.vmrpc.host.policy.Transport;
import io.vmrpc.host.socket.SocketService;
import io.vmrpc.layout.Geometry;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Sockets of the host against the guest's own over virtio-net, in one guest, towards one peer behind a veth pair; idle, then guest and host loaded; on one socket
 * and on several at once. The conventional ones in each host scheduling. What is compared takes turns.
 */
public final class NetRuns {
    /** A record carries a chunk of a stream and its head. */
    private static final Geometry GEOMETRY = new Geometry(8, 4, 64, 65_600);
    private static final int BUFFER = 1 << 20;
    private static final int SEVERAL = 20;
    static final long WARM_UP_NS = 2_000_000_000L;
    private static final double BOOT_SECONDS = 20;
    private static final List<String> LOADS = List.of("none", Variants.LOAD_BOTH);
    private final PrintStream log;
    private final String kernel;
    private final NetPlan plan;
    private final Results results;

    /**
     * Prepares a run; one object is good for one.
     *
     * @param log where steps are told.
     * @param kernel of the guest: {@code rt}, {@code cloud} or a file.
     * @param plan how much.
     * @param results get the rows.
     */
    public NetRuns(final PrintStream log, final String kernel, final NetPlan plan, final Results results) {
        this.results = results;
        this.log = log;
        this.kernel = kernel;
        this.plan = plan;
    }

    /** One thing that is done by sockets of the host and by the guest's own. */
    private record Subject(String ours, String theirs, int sockets, int port, double seconds) {
    }

    /**
     * Measures.
     *
     * @throws IOException if something cannot be started.
     * @throws InterruptedException if interrupted.
     */
    public void guest() throws IOException, InterruptedException {
        final List<Subject> subjects = subjects();
        final double seconds = LOADS.size() * plan.turns() * (OutsideRuns.guestSeconds(plan) +
            subjects.stream().mapToDouble(each -> 4 * (each.seconds() + WARM_UP_NS / 1e9) + 1).sum())
            + 2 * (subjects.size() + 2) * plan.learningSeconds();
        final Progress progress = new Progress(log, seconds + BOOT_SECONDS);
        try (NetPeer peer = new NetPeer(); Agents agents = agents(false, peer)) {
            agents.blocking();
            progress.step("booting a guest (QEMU, TCG, 2 vCPUs, kernel " + kernel + ")", BOOT_SECONDS);
            final VmSide side = new VmSide(agents.region(), kernel, true, log);
            try (Bench bench = new Bench(agents, side, progress)) {
                peer.network().forward(side.tap());
                final OutsideRuns outside = new OutsideRuns(bench, peer, Scheduling.REAL_TIME_CPU, plan);
                bench.warmUp();
                outside.warmUp(plan.learningSeconds());
                for (final Subject subject : subjects) {
                    learn(bench, peer, subject);
                }
                for (final String load : LOADS) {
                    bench.load(load);
                    for (final Subject subject : subjects) {
                        results.addAll(Turns.take(plan.turns(), parts(bench, peer, subject)));
                    }
                    for (final List<Turns.Part> parts : outside.guest(side.tap().guest())) {
                        results.addAll(Turns.take(plan.turns(), parts));
                    }
                }
            }
        }
    }

    /**
     * Measures without a VM: what it adds to a socket of the host that another process owns it, and what that costs.
     *
     * @throws IOException if something cannot be started.
     * @throws InterruptedException if interrupted.
     */
    public void loopback() throws IOException, InterruptedException {
        new NetLoopback(log, plan, results).measure();
    }

    /** The agent with the service whose sockets are measured, towards the peer and from it. */
    static Agents agents(final boolean isLoopback, final NetPeer peer) throws IOException {
        return new Agents(isLoopback, GEOMETRY, new SocketService(Policy.forAll(GuestPolicy.of(new Limits(256, BUFFER, Limits.UNLIMITED, Limits.UNLIMITED), List.of(
            Rule.allow("peer").outbound(Transport.UDP, Transport.TCP).addresses(peer.address()).build(),
            Rule.allow("clients").inbound(Transport.UDP, Transport.TCP).addresses(peer.network().host()).ports(Integer.toString(OutsideRuns.PORT)).build())))));
    }

    private List<Subject> subjects() {
        final List<Subject> all = new ArrayList<>();
        final NetPlan part = plan.part();
        for (final int sockets : new int[] {1, SEVERAL}) {
            final int port = sockets == 1 ? NetPeer.PORT : NetPeer.BUSY_PORT;
            all.add(new Subject(Variants.VMRPC_UDP, Variants.VIRTIO_NET_UDP, sockets, port, part.slowExchanges() * 0.6e-3));
            all.add(new Subject(Variants.VMRPC_TCP_RR, Variants.VIRTIO_NET_TCP_RR, sockets, port, part.slowExchanges() * 0.6e-3));
        }
        all.add(new Subject(Variants.VMRPC_TCP_BULK, Variants.VIRTIO_NET_TCP_BULK, 1, NetPeer.BUSY_PORT, part.streams() * 0.5));
        return all;
    }

    private List<Turns.Part> parts(final Bench bench, final NetPeer peer, final Subject subject) {
        final List<Turns.Part> parts = new ArrayList<>();
        parts.add(() -> List.of(bench.measure(job(subject, subject.ours(), peer), Variants.VCPU_FIFO, subject.seconds())));
        for (final String host : Variants.HOSTS) {
            parts.add(() -> List.of(bench.measure(job(subject, subject.theirs(), peer), host, subject.seconds())));
        }
        if (!isStream(subject)) {
            parts.add(() -> List.of(bench.beside(limit(subject), 1,
                () -> Instruments.exchange(limit(subject), peer.address(), subject.port(), subject.sockets(), plan.part().exchanges(), params(subject)))));
        }
        return parts;
    }

    /** Both ways unrecorded, so that the guest's compilers have seen them: they take seconds, on the guest's other vCPU. */
    private void learn(final Bench bench, final NetPeer peer, final Subject subject) throws IOException, InterruptedException {
        if (!isStream(subject)) {
            bench.learn(exchange(subject, subject.ours(), peer, 1, plan.learningSeconds()), Variants.VCPU_FIFO, plan.learningSeconds());
            bench.learn(exchange(subject, subject.theirs(), peer, 1, plan.learningSeconds()), Variants.VCPU_FIFO, plan.learningSeconds());
        }
    }

    private static String limit(final Subject subject) {
        return subject.ours().replace(Variants.VMRPC_PREFIX, Variants.LIMIT_PREFIX);
    }

    private static boolean isStream(final Subject subject) {
        return subject.ours().endsWith(Variants.BULK_SUFFIX);
    }

    private Job job(final Subject subject, final String variant, final NetPeer peer) {
        final NetPlan part = plan.part();
        if (isStream(subject)) {
            return Job.net(variant, 0, part.streams(), 1, 0, peer.address(), subject.port(),
                Map.of(Variants.SOCKETS, "1", Variants.UNIT, Variants.BYTES_PER_SECOND));
        }
        return exchange(subject, variant, peer, variant.equals(subject.ours()) ? part.exchanges() : part.slowExchanges(), WARM_UP_NS / 1e9);
    }

    private static Job exchange(final Subject subject, final String variant, final NetPeer peer, final int count, final double warmUpSeconds) {
        return Job.net(variant, NetPlan.PAYLOAD, count, 100, (long)(warmUpSeconds * 1e9), peer.address(), subject.port(), params(subject));
    }

    private static Map<String, String> params(final Subject subject) {
        return Map.of(Variants.SOCKETS, Integer.toString(subject.sockets()), Variants.PAYLOAD, Integer.toString(NetPlan.PAYLOAD));
    }
}
