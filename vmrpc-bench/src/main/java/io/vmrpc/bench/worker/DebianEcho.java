package io.vmrpc.bench.worker;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;

/**
 * A Debian server on the guest's own network. It has CPU and priority of the thread that starts it (sched(7): children inherit them), which is the one that
 * exchanges in other jobs. That thread meanwhile waits in the kernel, for a connection that says that the client has gone: asking for the next job, it would
 * disturb the server.
 */
final class DebianEcho implements NetServer {
    private final ServerSocket gone;
    private final DebianServer server;

    DebianEcho(final Job job) throws IOException {
        gone = new ServerSocket(job.port() + 1);
        try {
            server = new DebianServer(List.of(), job.variant(), job.port());
        } catch (final IOException e) {
            gone.close();
            throw e;
        }
    }

    @Override
    public void serve() throws IOException {
        gone.accept().close();
    }

    @Override
    public long served() {
        return -1;
    }

    @Override
    public void close() throws IOException {
        gone.close();
        server.close();
    }
}
