package io.vmrpc.bench.worker;

import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.socket.Sockets;
import io.vmrpc.guest.socket.VmSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ByteChannel;

/** By a socket of the host. */
final class OutsourcedStream extends NetJob.Stream {
    private final Sockets sockets;
    private final VmSocketChannel channel;

    OutsourcedStream(final VmrpcGuest guest, final RealTimeVcpu vcpu, final InetSocketAddress sink) throws IOException {
        sockets = guest.openSockets(vcpu);
        channel = sockets.openStream(StandardProtocolFamily.INET);
        channel.connect(sink);
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
        sockets.close();
    }
}
