package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.worker.DebianServer;
import io.vmrpc.natives.NativeProgram;
import io.vmrpc.vm.PeerNetwork;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.CloseHelper;
import org.agrona.IoUtil;

/**
 * A peer for each VM in a network namespace behind a veth pair: our echo, and sockperf's server. They stand for other machines, so none
 * waits for a CPU while VMs work: they have a real-time priority. What they use of the CPUs the VMs do not get, as little as it is.
 */
final class IndependencePeers implements AutoCloseable {
    private static final int PORT = 7100;
    private static final int SOCKPERF_PORT = 7200;
    private static final int STEP = 10;
    private static final String ECHO = "vmrpc-net-peer";
    private static final String SOCKPERF = Variants.SOCKPERF_PREFIX + Variants.HOST_PREFIX + Variants.RR_SUFFIX;
    private final PeerNetwork network;
    private final Path folder;
    private final List<Process> echoes = new ArrayList<>();
    private final List<DebianServer> servers = new ArrayList<>();

    IndependencePeers(final List<OrdinaryVm> vms) throws IOException {
        network = PeerNetwork.create();
        folder = Files.createTempDirectory("vmrpc-peers");
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        try {
            final Path program = NativeProgram.extract(ECHO, folder);
            for (int i = 0; i < vms.size(); i++) {
                network.forward(vms.get(i).tap());
                echo(program, port(i));
            }
        } catch (final IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private List<String> guarded() {
        return new ArrayList<>(network.command(List.of("setpriv", "--pdeathsig", "TERM", "chrt", "-f",
            Integer.toString(NetPeer.PRIORITY))));
    }

    private void echo(final Path program, final int port) throws IOException {
        final List<String> command = guarded();
        command.addAll(List.of(program.toString(), address(), Integer.toString(port)));
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        echoes.add(process);
        final String said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (!"ready".equals(said)) {
            throw new IOException("the peer did not start: " + said);
        }
    }

    /** Starts sockperf's servers for the first VMs: what an earlier window left in one does not meet the next. */
    void serveSockperf(final int count) throws IOException {
        CloseHelper.quietCloseAll(servers);
        servers.clear();
        for (int i = 0; i < count; i++) {
            servers.add(new DebianServer(guarded(), SOCKPERF, sockperfPort(i)));
        }
    }

    String address() {
        return network.peer();
    }

    /** Of the echo of a VM. */
    int port(final int vm) {
        return PORT + STEP * vm;
    }

    int sockperfPort(final int vm) {
        return SOCKPERF_PORT + STEP * vm;
    }

    @Override
    public void close() {
        echoes.forEach(Process::destroyForcibly);
        CloseHelper.quietCloseAll(servers);
        CloseHelper.quietClose(network); // what stays behind the next run removes
        IoUtil.delete(folder.toFile(), true);
    }
}
