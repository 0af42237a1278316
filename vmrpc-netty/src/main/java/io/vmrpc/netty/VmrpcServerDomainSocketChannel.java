package io.vmrpc.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.vmrpc.guest.socket.PendingConnection;

/** A listening Unix socket of the host, for event loops with a {@link VmrpcIoHandler}. Its path is the host's. */
public final class VmrpcServerDomainSocketChannel extends AbstractVmrpcServerChannel {
    /** A channel to bind. */
    public VmrpcServerDomainSocketChannel() {
    }

    @Override
    Channel newChild(final PendingConnection connection) {
        return new VmrpcDomainSocketChannel(this, connection);
    }

    @Override
    public ChannelConfig config() {
        return config;
    }
}
