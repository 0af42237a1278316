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
import org.agrona.CloseHelper;
import org.agrona.IoUtil;

/**
 * The peers on the network: {@code vmrpc-net-peer} in a namespace of its own, twice. They stand for another machine, so no load of this one shall keep them waiting: they
 * have a real-time priority above the agent's. The one for exchanges on one socket has the CPU of the real-time vCPU's thread, because whoever waits for an answer leaves it
 * the CPU, and to wake another CPU takes longer here than all the rest of the way, for both ways that are compared. The one for several sockets and for streams has
 * another CPU, because it works while others do.
 */
final class NetPeer implements AutoCloseable {
    static final int PORT = 7000;
    static final int BUSY_PORT = 7010;
    private static final String PROGRAM = "vmrpc-net-peer";
    static final int PRIORITY = Agents.PRIORITY + 5;
    private final PeerNetwork network;
    private final int priority;
    private final Path folder;
    private final List<Process> processes = new ArrayList<>();

    NetPeer() throws IOException {
        this(PRIORITY);
    }

    /** With another SCHED_FIFO priority. */
    NetPeer(final int priority) throws IOException {
        this.priority = priority;
        network = PeerNetwork.create();
        folder = Files.createTempDirectory("vmrpc-peer");
        Runtime.getRuntime().addShutdownHook(new Thread(this::remove));
        try {
            final Path program = NativeProgram.extract(PROGRAM, folder);
            start(program, PORT, Scheduling.REAL_TIME_CPU);
            start(program, BUSY_PORT, 0);
        } catch (final IOException | RuntimeException e) {
            remove();
            throw e;
        }
    }

    private void start(final Path program, final int port, final int cpu) throws IOException {
        final List<String> command = List.of("setpriv", "--pdeathsig", "TERM", "chrt", "-f", Integer.toString(priority), "taskset", "-c", Integer.toString(cpu),
            program.toString(), network.peer(), Integer.toString(port));
        final Process process = new ProcessBuilder(network.command(command)).redirectErrorStream(true).start();
        processes.add(process);
        final String said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (!"ready".equals(said)) {
            throw new IOException("the peer did not start: " + said);
        }
    }

    PeerNetwork network() {
        return network;
    }

    /** The one for several sockets and for streams. */
    long busyPid() {
        return processes.get(1).pid();
    }

    String address() {
        return network.peer();
    }

    private void remove() {
        processes.forEach(Process::destroyForcibly);
        CloseHelper.quietClose(network); // what stays behind the next run removes
        IoUtil.delete(folder.toFile(), true);
    }

    @Override
    public void close() {
        remove();
    }
}
