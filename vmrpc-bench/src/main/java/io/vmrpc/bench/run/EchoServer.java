package io.vmrpc.bench.run;

import io.vmrpc.natives.CpuSet;
import io.vmrpc.natives.Native;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** The conventional peer: TCP echo in Java, TCP_NODELAY, one blocking thread with the priority and CPU that the blocking agent's shard has. */
final class EchoServer implements AutoCloseable {
    private final ServerSocketChannel server;
    private final int priority;

    EchoServer(final String address, final int priority) throws IOException {
        this.priority = priority;
        server = ServerSocketChannel.open().bind(new InetSocketAddress(address, 0));
        final Thread thread = new Thread(this::serve, "tcp-echo");
        thread.setDaemon(true);
        thread.start();
    }

    int port() throws IOException {
        return ((InetSocketAddress)server.getLocalAddress()).getPort();
    }

    private void serve() {
        if (priority > 0) {
            Native.vmrpc_set_scheduler(0, Native.SCHED_FIFO, priority);
            CpuSet.of(Scheduling.REAL_TIME_CPU).applyTo(0);
        }
        while (server.isOpen()) {
            try (SocketChannel peer = server.accept()) {
                peer.setOption(StandardSocketOptions.TCP_NODELAY, true);
                echo(peer);
            } catch (final IOException e) {
                continue; // the client went away, or close() ended the accept
            }
        }
    }

    private static void echo(final SocketChannel peer) throws IOException {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(65_536);
        while (peer.read(buffer) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                peer.write(buffer);
            }
            buffer.clear();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
