package io.vmrpc.bench.worker;

import io.vmrpc.bench.report.Variants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/** The server of Debian's sockperf or qperf, as it is: a process that listens as soon as this object is there. */
public final class DebianServer implements AutoCloseable {
    private static final long START_NS = 30_000_000_000L;
    private static final long LOOK_NS = 10_000_000;
    private final Path log = Files.createTempFile("vmrpc-server", ".log");
    private final int port;
    private final Process process;

    /**
     * Starts it.
     *
     * @param before what the command begins with, and executes the rest; may be empty.
     * @param variant says which one.
     * @param port where it shall listen, by TCP; or by UDP, if the variant is of datagrams and the server sockperf's.
     * @throws IOException if it does not listen within 30 s.
     */
    public DebianServer(final List<String> before, final String variant, final int port) throws IOException {
        this.port = port;
        final List<String> command = new ArrayList<>(before);
        if (variant.startsWith(Variants.QPERF_PREFIX)) {
            command.addAll(List.of("qperf", "--listen_port", Integer.toString(port)));
        } else {
            command.addAll(List.of("sockperf", "server", "--ip", "0.0.0.0", "--uc-reuseaddr", "--port", Integer.toString(port)));
            command.addAll(variant.endsWith(Variants.RR_SUFFIX) ? List.of("--tcp") : List.of());
        }
        process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            awaitListening();
        } catch (final IOException e) {
            close();
            throw new IOException(String.join(" ", command) + " does not listen: " + e.getMessage(), e);
        }
    }

    /** By the kernel's tables of its network namespace: a probe might be taken for a client. 0A is LISTEN, 07 a UDP socket; a server before may have left others. */
    private void awaitListening() throws IOException {
        final Pattern local = Pattern.compile(String.format(" *\\d+: [0-9A-F]+:%04X [0-9A-F]+:[0-9A-F]+ (0A|07) .*", port));
        for (final long until = System.nanoTime() + START_NS; !isListed(local); LockSupport.parkNanos(LOOK_NS)) {
            if (!process.isAlive() || System.nanoTime() - until > 0) {
                throw new IOException(Files.readString(log).strip());
            }
        }
    }

    private boolean isListed(final Pattern local) throws IOException {
        for (final String table : List.of("udp", "tcp", "tcp6")) {
            final Path file = Path.of("/proc/" + process.pid() + "/net/" + table);
            if (Files.exists(file) && Files.readAllLines(file).stream().anyMatch(local.asMatchPredicate())) {
                return true;
            }
        }
        return false;
    }

    /** {@return where it listens} */
    public int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join(); // it leaves nothing behind
        Files.delete(log);
    }
}
