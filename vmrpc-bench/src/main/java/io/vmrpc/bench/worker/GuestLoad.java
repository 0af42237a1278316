package io.vmrpc.bench.worker;

import io.vmrpc.bench.report.Variants;
import java.io.IOException;
import java.util.List;

/**
 * stress-ng on the guest's ordinary CPUs: two CPU hogs and a memory hog; and a server for packets that a peer sends. Ordinary processes all, that end with
 * the JVM: another one that is started after a crash would know nothing of them.
 */
final class GuestLoad {
    private static final List<String> GUARD = List.of("setpriv", "--pdeathsig", "KILL");
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
    void setLater(final long delayNs, final boolean on) {
        ordinary.later(delayNs, () -> setHogs(on));
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

    private void setHogs(final boolean on) throws IOException {
        if (on == (process != null)) {
            return;
        }
        if (on) {
            process = new ProcessBuilder("setpriv", "--pdeathsig", "KILL", "stress-ng", "--cpu", "2", "--vm", "1", "--vm-bytes", "64m", "--quiet")
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        } else {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            process = null;
        }
    }
}
