package io.vmrpc.netty;

import io.netty.channel.Channel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.ServerSocketChannelConfig;
import io.vmrpc.guest.socket.PendingConnection;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;

/**
 * A listening TCP socket of the host, for event loops with a {@link VmrpcIoHandler}. Its connections may be served by other loops than its
 * own, of any group of this transport with the same {@link io.vmrpc.guest.VmrpcGuest}. Bound to {@code 0.0.0.0} it takes IPv4, to
 * {@code ::} both.
 */
public final class VmrpcServerSocketChannel extends AbstractVmrpcServerChannel implements ServerSocketChannel {
    /** A channel to bind. */
    public VmrpcServerSocketChannel() {
        options.set(StandardSocketOptions.SO_REUSEADDR, true); // as Netty's transports
    }

    @Override
    Channel newChild(final PendingConnection connection) {
        return new VmrpcSocketChannel(this, connection);
    }

    @Override
    public ServerSocketChannelConfig config() {
        return config;
    }

    @Override
    public InetSocketAddress localAddress() {
        return (InetSocketAddress)super.localAddress();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return null;
    }
}
