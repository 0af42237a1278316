package io.vmrpc.bench.worker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;

/** By a socket of the guest's own kernel. */
final class OwnStream implements NetJob.Stream {
    private final SocketChannel channel;

    OwnStream(final InetSocketAddress sink) throws IOException {
        channel = SocketChannel.open(sink);
    }

    @Override
    public void write(final ByteBuffer chunk) throws IOException {
        while (chunk.hasRemaining()) {
            channel.write(chunk);
        }
    }

    @Override
    public long end() throws IOException {
        channel.shutdownOutput();
        final ByteBuffer count = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (count.hasRemaining() && channel.read(count) >= 0) {
            continue;
        }
        return count.flip().getLong();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
