package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.worker.DebianServer;
import io.vmrpc.vm.PeerNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Debian's sockperf and qperf, whose samples and clocks are not ours. In the peers' network they are clients of a server in a guest; on the host they are clients
 * of their own servers in the peers' network, which says what the way there takes without any guest.
 */
final class OutsideTools {
    private static final Pattern LATENCY = Pattern.compile("latency += +(\\d+) ns");
    private final PeerNetwork network;
    private final int peerCpu;

    /** peerCpu: of what runs in the peers' network. */
    OutsideTools(final PeerNetwork network, final int peerCpu) {
        this.network = network;
        this.peerCpu = peerCpu;
    }

    /** From the peers' network, with the priority of the peer that echoes. */
    Row fromPeer(final String variant, final String address, final int port, final double seconds) throws IOException, InterruptedException {
        return measure(network.command(at(NetPeer.PRIORITY, peerCpu)), variant, address, port, seconds);
    }

    /** From the host, with priority and CPU of the vCPU's thread, to a server in the peers' network. */
    Row fromHost(final String variant, final int port, final double seconds) throws IOException, InterruptedException {
        final List<String> guarded = new ArrayList<>(List.of("setpriv", "--pdeathsig", "TERM"));
        guarded.addAll(at(NetPeer.PRIORITY, peerCpu));
        try (DebianServer server = new DebianServer(network.command(guarded), variant, port)) {
            return measure(at(Scheduling.PRIORITY, Scheduling.REAL_TIME_CPU), variant, network.peer(), server.port(), seconds);
        }
    }

    private static List<String> at(final int priority, final int cpu) {
        return List.of("chrt", "-f", Integer.toString(priority), "taskset", "-c", Integer.toString(cpu));
    }

    private static Row measure(final List<String> before, final String variant, final String address, final int port, final double seconds)
        throws IOException, InterruptedException {
        final boolean isTcp = variant.endsWith(Variants.RR_SUFFIX);
        final List<String> command = new ArrayList<>(before);
        return variant.startsWith(Variants.QPERF_PREFIX) ? qperf(command, variant, isTcp, address, port, seconds)
            : sockperf(command, variant, isTcp, address, port, seconds);
    }

    private static Row sockperf(final List<String> command, final String variant, final boolean isTcp, final String address, final int port, final double seconds)
        throws IOException, InterruptedException {
        final Path log = Files.createTempFile("vmrpc-sockperf", ".csv");
        try {
            command.addAll(List.of("sockperf", "ping-pong", "--ip", address, "--port", Integer.toString(port), "--msg-size", Integer.toString(NetPlan.PAYLOAD),
                "--time", whole(seconds), "--full-rtt", "--full-log", log.toString()));
            command.addAll(isTcp ? List.of("--tcp") : List.of());
            final String output = Instruments.run(command);
            try (Stream<String> lines = Files.lines(log)) {
                final SockperfOutput found = SockperfOutput.parse(output, lines);
                return row(variant, found.samples(), Map.of(Variants.DROPPED, Long.toString(found.dropped()), Variants.WRONG, Long.toString(found.wrong())));
            }
        } finally {
            Files.delete(log);
        }
    }

    /** One sample, the mean of a run: qperf says no more, and half of it as the latency of one way. */
    private static Row qperf(final List<String> command, final String variant, final boolean isTcp, final String address, final int port, final double seconds)
        throws IOException, InterruptedException {
        command.addAll(List.of("qperf", address, "--listen_port", Integer.toString(port), "--time", whole(seconds), "--msg_size", Integer.toString(NetPlan.PAYLOAD),
            "-uu", isTcp ? "tcp_lat" : "udp_lat"));
        final String output = Instruments.run(command);
        final Matcher latency = LATENCY.matcher(output);
        if (!latency.find()) {
            throw new IOException("qperf measured nothing: " + output.strip());
        }
        final Histogram mean = new Histogram(Instruments.HIGHEST_NS, 3);
        mean.recordValue(2 * Long.parseLong(latency.group(1)));
        return row(variant, mean, Map.of());
    }

    private static String whole(final double seconds) {
        return Long.toString(Math.max(1, Math.round(seconds)));
    }

    private static Row row(final String variant, final Histogram samples, final Map<String, String> more) {
        final Map<String, String> params = new TreeMap<>(more);
        params.put(Variants.SOCKETS, "1");
        params.put(Variants.PAYLOAD, Integer.toString(NetPlan.PAYLOAD));
        return Row.of(Variants.NET, variant, Variants.NO_VM, "none", params, samples);
    }
}
