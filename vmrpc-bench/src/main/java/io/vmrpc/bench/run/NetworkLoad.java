package io.vmrpc.bench.run;

import io.vmrpc.bench.report.ResponseVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.vm.PeerNetwork;
import io.vmrpc.vm.TapAddresses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * sockperf of a peer, which asks sockperf's server in the guest over TCP as fast as that answers, as netperf's request-response test does. It stands for another
 * machine, so it has a priority above all that is measured; it blocks while it waits. How many packets cross the guest's card is counted at the tap device.
 */
final class NetworkLoad {
    static final int PORT = 7040;
    /** sockperf keeps a record of each message that it could send in its time at its highest rate: 16 bytes of memory each. */
    private static final int LIFE_SECONDS = 120;
    /** More than a guest here can answer: at a rate that it reaches sockperf would spin between messages. */
    private static final int HIGHEST_RATE = 10_000;
    private static final long SETTLE_MS = 500;
    private final List<String> command;
    private final Path statistics;
    private Process process;
    private long startedNs;
    private long markedNs;
    private long markedPackets;

    NetworkLoad(final PeerNetwork network, final TapAddresses tap) {
        command = network.command(List.of("setpriv", "--pdeathsig", "TERM", "chrt", "-f", Integer.toString(NetPeer.PRIORITY), "taskset", "-c", "0",
            "sockperf", "ping-pong", "--tcp", "--ip", tap.guest(), "--port", Integer.toString(PORT), "--msg-size", Integer.toString(NetPlan.PAYLOAD),
            "--time", Integer.toString(LIFE_SECONDS), "--mps", Integer.toString(HIGHEST_RATE)));
        statistics = Path.of("/sys/class/net", tap.device(), "statistics");
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
    }

    /** The guest's server must be there. */
    synchronized void start() throws IOException {
        startedNs = System.nanoTime();
        process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }

    synchronized void stop() {
        if (process != null) {
            process.destroyForcibly();
            process = null;
        }
    }

    /** Begins to count packets; what is measured may take half of a sockperf's life. */
    void mark() throws IOException, InterruptedException {
        if (process != null && System.nanoTime() - startedNs > LIFE_SECONDS * 500_000_000L) {
            stop();
            start();
            Thread.sleep(SETTLE_MS);
        }
        markedNs = System.nanoTime();
        markedPackets = packets();
    }

    /** The row with the rate of packets since {@link #mark}, if there is load. */
    Row withPackets(final Row row) throws IOException {
        if (process == null) {
            return row;
        }
        final long rate = Math.round((packets() - markedPackets) * 1e9 / (System.nanoTime() - markedNs));
        if (!process.isAlive()) {
            throw new IOException("the load's sockperf ended: has its server in the guest?");
        }
        return row.withParam(ResponseVariants.PACKETS, Long.toString(rate));
    }

    private long packets() throws IOException {
        return count("rx_packets") + count("tx_packets");
    }

    private long count(final String what) throws IOException {
        return Long.parseLong(Files.readString(statistics.resolve(what)).strip());
    }
}
