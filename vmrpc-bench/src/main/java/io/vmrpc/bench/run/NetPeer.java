package io.vmrpc.bench.run;

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
import org.agrona.IoUtil;

/**
 * The peer on the network: {@code vmrpc-net-peer} in a namespace of its own. It stands for another machine, so no load of this one shall keep it waiting: it has the
 * highest real-time priority, on the CPU that the real-time vCPU does not use.
 */
final class NetPeer implements AutoCloseable {
    static final int PORT = 7000;
    private static final String PROGRAM = "vmrpc-net-peer";
    private static final String PRIORITY = "90";
    private final PeerNetwork network;
    private final Path folder;
    private final Process process;

    NetPeer() throws IOException {
        network = PeerNetwork.create();
        folder = Files.createTempDirectory("vmrpc-peer");
        try {
            final List<String> command = new ArrayList<>(List.of("setpriv", "--pdeathsig", "TERM", "chrt", "-f", PRIORITY, "taskset", "-c", "0",
                NativeProgram.extract(PROGRAM, folder).toString(), network.peer(), Integer.toString(PORT)));
            process = new ProcessBuilder(network.command(command)).redirectErrorStream(true).start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            final String said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
            if (!"ready".equals(said)) {
                throw new IOException("the peer did not start: " + said);
            }
        } catch (final IOException | RuntimeException e) {
            network.close();
            throw e;
        }
    }

    PeerNetwork network() {
        return network;
    }

    String address() {
        return network.peer();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        network.close();
        IoUtil.delete(folder.toFile(), true);
    }
}
