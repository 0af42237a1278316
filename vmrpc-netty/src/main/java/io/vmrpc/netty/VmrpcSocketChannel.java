package io.vmrpc.netty;

import io.netty.channel.Channel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import io.vmrpc.guest.socket.PendingConnection;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;

/**
 * A TCP connection of the host, for event loops with a {@link VmrpcIoHandler}. Behaves as Netty's own channels for epoll do. Its socket is
 * opened as it is bound or connected; addresses are the host's.
 */
public final class VmrpcSocketChannel extends AbstractVmrpcStreamChannel implements SocketChannel {
    private final VmrpcSocketChannelConfig config = new VmrpcSocketChannelConfig(this);

    /** A channel to connect with. */
    public VmrpcSocketChannel() {
        this(null, null);
    }

    VmrpcSocketChannel(final Channel parent, final PendingConnection accepted) {
        super(parent, accepted);
        options.set(StandardSocketOptions.TCP_NODELAY, true); // as Netty's transports
    }

    @Override
    public SocketChannelConfig config() {
        return config;
    }

    @Override
    public ServerSocketChannel parent() {
        return (ServerSocketChannel)super.parent();
    }

    @Override
    public InetSocketAddress localAddress() {
        return (InetSocketAddress)super.localAddress();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return (InetSocketAddress)super.remoteAddress();
    }
}
