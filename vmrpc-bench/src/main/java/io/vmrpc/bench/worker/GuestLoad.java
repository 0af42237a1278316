package io.vmrpc.bench.worker;

import io.vmrpc.bench.report.Variants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * stress-ng on the guest's ordinary CPUs: two CPU hogs and a memory hog; and a server for packets that a peer sends. Ordinary processes all, that end with
 * the JVM: another one that is started after a crash would know nothing of them. stress-ng refuses to run where its folder for files is read-only, as the
 * guest's working folder is.
 */
final class GuestLoad {
    private static final List<String> GUARD = List.of("setpriv", "--pdeathsig", "KILL");
    private static final int CPU_HOGS = 2;
    private static final long START_NS = 30_000_000_000L;
    private static final long LOOK_NS = 10_000_000;
    private final OrdinaryThread ordinary;
    private Process process;
    private DebianServer server;

    GuestLoad(final OrdinaryThread ordinary) {
        this.ordinary = ordinary;
    }

    void set(final boolean on) throws IOException {
        ordinary.run(() -> setHogs(on));
    }

    /** After that time, while the caller does something else. */
    Future<Void> setLater(final long delayNs, final boolean on) {
        return ordinary.later(delayNs, () -> setHogs(on));
    }

    /** A server that listens at a port; none at 0. */
    void setServer(final int port) throws IOException {
        ordinary.run(() -> {
            if (server != null) {
                server.close();
                server = null;
            }
            if (port > 0) {
                server = new DebianServer(GUARD, Variants.SOCKPERF_PREFIX + Variants.VIRTIO_NET_TCP_RR, port);
            }
        });
    }

    /** A load that is none would make every figure under it a lie. */
    private void awaitHogs(final Path log) throws IOException {
        for (final long until = System.nanoTime() + START_NS; process.descendants().count() < CPU_HOGS; LockSupport.parkNanos(LOOK_NS)) {
            if (!process.isAlive() || System.nanoTime() - until > 0) {
                throw new IOException("stress-ng does not load the guest: " + Files.readString(log).strip());
            }
        }
        Files.delete(log); // the hogs go on writing to it, to nobody
    }

    private void setHogs(final boolean on) throws IOException {
        if (on == (process != null)) {
            return;
        }
        if (on) {
            final List<String> command = new ArrayList<>(GUARD);
            command.addAll(List.of("stress-ng", "--cpu", Integer.toString(CPU_HOGS), "--vm", "1", "--vm-bytes", "64m", "--quiet", "--temp-path", "/tmp"));
            final Path log = Files.createTempFile("vmrpc-load", ".log");
            process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
            awaitHogs(log);
        } else {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            process = null;
        }
    }
}
