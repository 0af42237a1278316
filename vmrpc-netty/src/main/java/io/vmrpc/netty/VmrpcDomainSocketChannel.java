package io.vmrpc.netty;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannelConfig;
import io.vmrpc.guest.socket.PendingConnection;

/**
 * A connection by a Unix socket of the host, for event loops with a {@link VmrpcIoHandler}. Addresses are {@link
 * java.net.UnixDomainSocketAddress}, with paths of the host.
 */
public final class VmrpcDomainSocketChannel extends AbstractVmrpcStreamChannel {
    private final VmrpcSocketChannelConfig config = new VmrpcSocketChannelConfig(this);

    /** A channel to connect with. */
    public VmrpcDomainSocketChannel() {
        this(null, null);
    }

    VmrpcDomainSocketChannel(final Channel parent, final PendingConnection accepted) {
        super(parent, accepted);
    }

    @Override
    public DuplexChannelConfig config() {
        return config;
    }
}
