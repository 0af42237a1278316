package io.vmrpc.bench.worker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;

/** By a socket of the guest's own kernel. */
final class OwnStream extends NetJob.Stream {
    private final SocketChannel channel;

    OwnStream(final InetSocketAddress sink) throws IOException {
        channel = SocketChannel.open(sink);
    }

    @Override
    ByteChannel channel() {
        return channel;
    }

    @Override
    void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
