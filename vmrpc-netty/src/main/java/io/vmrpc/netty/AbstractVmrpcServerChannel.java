package io.vmrpc.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.vmrpc.guest.socket.PendingConnection;
import io.vmrpc.guest.socket.Sockets;
import io.vmrpc.guest.socket.VmServerSocketChannel;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.util.concurrent.RejectedExecutionException;

/** A listening socket. A connection that it accepts becomes the socket of the event loop where its channel is registered. */
abstract class AbstractVmrpcServerChannel extends AbstractVmrpcChannel<VmServerSocketChannel> implements ServerChannel, AcceptingChannel {
    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(AbstractVmrpcServerChannel.class);
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);
    final VmrpcServerSocketChannelConfig config = new VmrpcServerSocketChannelConfig(this);
    private volatile boolean isListening;

    AbstractVmrpcServerChannel() {
        super(null);
    }

    /** A channel for a connection. */
    abstract Channel newChild(PendingConnection connection);

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isActive() {
        return isListening && isOpen();
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return null;
    }

    @Override
    VmServerSocketChannel newSocket(final Sockets sockets, final ProtocolFamily family) throws IOException {
        return sockets.openServer(family);
    }

    @Override
    protected void doBind(final SocketAddress local) throws Exception {
        openSocket(local).bind(local, config.getBacklog());
        isListening = true;
    }

    @Override
    public void refuse(final PendingConnection connection) {
        final EventLoop loop = eventLoop();
        if (!loop.inEventLoop()) {
            try {
                loop.execute(() -> refuse(connection));
            } catch (final RejectedExecutionException e) {
                LOG.debug("{} went with its listener's loop", connection.remoteAddress(), e);
            }
            return;
        }
        try {
            registration().sockets().refuse(connection);
        } catch (final IOException | IllegalStateException e) {
            LOG.debug("{} went with its listener", connection.remoteAddress(), e);
        }
    }

    @Override
    protected void doWrite(final ChannelOutboundBuffer in) {
        throw new UnsupportedOperationException("a server channel writes nothing");
    }

    @Override
    protected Object filterOutboundMessage(final Object msg) {
        throw new UnsupportedOperationException("a server channel writes nothing");
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new ServerUnsafe();
    }

    @SuppressWarnings("deprecation") // Handle
    private final class ServerUnsafe extends VmrpcUnsafe {
        @Override
        public void connect(final SocketAddress remote, final SocketAddress local, final ChannelPromise promise) {
            safeSetFailure(promise, new UnsupportedOperationException("a server channel connects to nothing"));
        }

        @Override
        void read() {
            final ChannelConfig settings = config();
            final RecvByteBufAllocator.Handle handle = recvBufAllocHandle();
            handle.reset(settings);
            handle.attemptedBytesRead(1);
            IOException failure = null;
            try {
                boolean hasAccepted;
                do {
                    hasAccepted = accept(handle);
                } while (hasAccepted && isOpen() && handle.continueReading());
                mayBeReadable(hasAccepted);
            } catch (final IOException e) {
                failure = e;
                mayBeReadable(false);
            }
            handle.readComplete();
            pipeline().fireChannelReadComplete();
            if (failure != null && isOpen()) {
                pipeline().fireExceptionCaught(failure);
            }
            afterRead();
        }

        private boolean accept(final RecvByteBufAllocator.Handle handle) throws IOException {
            final PendingConnection connection = openSocket().acceptPending();
            if (connection != null) {
                handle.lastBytesRead(1);
                handle.incMessagesRead(1);
                isReadPending = false;
                pipeline().fireChannelRead(newChild(connection));
            }
            return connection != null;
        }
    }
}
