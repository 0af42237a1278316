package io.vmrpc.bench.worker;

import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.socket.Sockets;
import io.vmrpc.guest.socket.VmSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** By a socket of the host. */
final class OutsourcedStream implements NetJob.Stream {
    private final Sockets sockets;
    private final VmSocketChannel channel;

    OutsourcedStream(final VmrpcGuest guest, final RealTimeVcpu vcpu, final InetSocketAddress sink) throws IOException {
        sockets = guest.openSockets(vcpu);
        channel = sockets.openStream(StandardProtocolFamily.INET);
        channel.connect(sink);
    }

    @Override
    public void write(final ByteBuffer chunk) throws IOException {
        channel.write(chunk);
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
        sockets.close();
    }
}
