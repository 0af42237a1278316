package io.vmrpc.netty;

import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.Future;
import io.vmrpc.guest.socket.Sockets;
import io.vmrpc.guest.socket.VmSocket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;

/**
 * What channels of all kinds have in common. The socket is opened when the channel is bound or connected, with the family of that address,
 * by the event loop where the channel is registered: it cannot go to another.
 *
 * <p>Reading is as with an edge-triggered selector: events say that something may be there, and the channel remembers that until a read has
 * found nothing.
 *
 * @param <S> kind of socket.
 */
abstract class AbstractVmrpcChannel<S extends VmSocket> extends AbstractChannel {
    final SocketOptions options = new SocketOptions(this);
    /** Whether a read was asked for that nothing answered yet. */
    boolean isReadPending;
    private volatile S socket;
    private volatile boolean isClosed;
    private volatile VmrpcRegistration registration;
    /** The same, as the loop counts it. */
    private IoRegistration counted;
    private EventLoop home;
    private boolean isReadWanted;
    private boolean mayBeReadable;
    private boolean isWaitingForSpace;

    AbstractVmrpcChannel(final Channel parent) {
        super(parent);
    }

    /** The socket, or null while there is none. Any thread. */
    final S socket() {
        return socket;
    }

    /** The socket, if it is there and open. */
    final S openSocket() throws ClosedChannelException {
        final S current = socket;
        if (current == null || !isOpen()) {
            throw new ClosedChannelException();
        }
        return current;
    }

    /** The socket, opened for an address if there is none. */
    final S openSocket(final SocketAddress address) throws IOException {
        if (address instanceof InetSocketAddress internet && internet.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        if (socket == null) {
            attach(newSocket(registration().sockets(), family(address)));
        }
        return openSocket();
    }

    /** Opens a socket. */
    abstract S newSocket(Sockets sockets, ProtocolFamily family) throws IOException;

    /** The family of a socket that uses an address. */
    ProtocolFamily family(final SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress) {
            return StandardProtocolFamily.UNIX;
        }
        final boolean isSix = address instanceof InetSocketAddress internet && internet.getAddress() instanceof Inet6Address;
        return isSix ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    }

    /** Makes a socket this channel's. */
    final void attach(final S opened) {
        opened.configureBlocking(false);
        options.apply(opened);
        socket = opened;
        opened.listener(registration());
        if (isClosed) {
            opened.close();
        }
    }

    final VmrpcRegistration registration() {
        final VmrpcRegistration current = registration;
        if (current == null) {
            throw new IllegalStateException("the channel is not registered: register it at an event loop first");
        }
        return current;
    }

    @Override
    public boolean isOpen() {
        final S current = socket;
        return !isClosed && (current == null || current.isOpen());
    }

    @Override
    protected SocketAddress localAddress0() {
        final S current = socket;
        return current == null ? null : current.localAddress();
    }

    @Override
    protected SocketAddress remoteAddress0() {
        final S current = socket;
        return current == null ? null : current.remoteAddress();
    }

    /** Any: {@link #doRegister(ChannelPromise)} refuses those of others, for it can say what to do. */
    @Override
    protected final boolean isCompatible(final EventLoop loop) {
        return true;
    }

    @Override
    protected final void doRegister(final ChannelPromise promise) {
        final EventLoop loop = eventLoop();
        if (!(loop instanceof IoEventLoop ioLoop) || !ioLoop.isCompatible(VmrpcIoHandle.class)) {
            promise.setFailure(new IllegalStateException(getClass().getSimpleName() + " cannot be registered at a " + loop.getClass().getSimpleName() +
                " of another transport: use a MultiThreadIoEventLoopGroup made with VmrpcIoHandler.newFactory"));
        } else if (socket != null && home != loop) {
            promise.setFailure(new IllegalStateException("the channel's socket belongs to another event loop: register it there again"));
        } else {
            home = loop;
            ioLoop.register((VmrpcIoHandle)unsafe()).addListener(future -> onRegistered(future, promise));
        }
    }

    private void onRegistered(final Future<?> future, final ChannelPromise promise) {
        if (!future.isSuccess()) {
            promise.setFailure(future.cause());
            return;
        }
        counted = (IoRegistration)future.getNow();
        registration = counted.attachment();
        try {
            if (socket == null) {
                adopt();
            } else {
                socket.listener(registration);
            }
        } catch (final IOException | RuntimeException e) {
            promise.setFailure(e);
            return;
        }
        promise.setSuccess();
    }

    /** Takes over a connection that was accepted. */
    void adopt() throws IOException {
    }

    @Override
    protected final void doDeregister() {
        if (registration != null) {
            registration = null;
            counted.cancel();
            if (socket != null) {
                socket.listener(null);
            }
        }
    }

    @Override
    protected void doDisconnect() throws Exception {
        doClose();
    }

    @Override
    protected void doClose() throws Exception {
        isClosed = true;
        final S current = socket;
        if (current != null) {
            current.close();
        }
    }

    @Override
    protected final void doBeginRead() {
        isReadPending = true;
        isReadWanted = true;
        readAgain();
    }

    /** Has the loop read in its next turn, if there may be something. */
    final void readAgain() {
        final VmrpcRegistration current = registration;
        if (isReadWanted && mayBeReadable && current != null) {
            current.submit(VmrpcIoEvent.READABLE);
        }
    }

    /** Whether another read may find something. */
    final void mayBeReadable(final boolean newValue) {
        mayBeReadable = newValue;
    }

    /** After a read: without auto-read the next one must be asked for. */
    final void afterRead() {
        if (!isReadPending && !config().isAutoRead()) {
            isReadWanted = false;
        }
    }

    /** Auto-read was turned off. Any thread. */
    final void autoReadCleared() {
        if (!isRegistered()) {
            isReadPending = false;
            isReadWanted = false;
        } else if (eventLoop().inEventLoop()) {
            isReadPending = false;
            isReadWanted = false;
        } else {
            eventLoop().execute(this::autoReadCleared);
        }
    }

    /** The rest of the flush waits until the socket takes something again. */
    final void awaitSpace() {
        isWaitingForSpace = true;
    }

    /** The rest of the flush goes on in the loop's next turn, after the other channels. */
    final void flushLater() {
        isWaitingForSpace = true;
        registration().submit(VmrpcIoEvent.WRITABLE);
    }

    /** Calls of pipeline and loop. */
    abstract class VmrpcUnsafe extends AbstractUnsafe implements VmrpcIoHandle {
        @Override
        public final void handle(final IoRegistration of, final IoEvent event) {
            switch ((VmrpcIoEvent)event) {
                case CONNECTED -> finishConnect();
                case READABLE -> {
                    mayBeReadable = true;
                    if (isReadWanted) {
                        read();
                    } else {
                        readEnd();
                    }
                }
                case WRITABLE -> flushNow();
                case FAILED -> onFailed(((VmrpcRegistration)of).failure());
                default -> throw new IllegalArgumentException("event=" + event);
            }
        }

        /** Reads what there is, and fires it. */
        abstract void read();

        /** Something is there that nobody wants to read, maybe the end. */
        void readEnd() {
        }

        void finishConnect() {
        }

        /** The socket is of no use any more. */
        void onFailed(final IOException cause) {
            fail(cause);
        }

        /** Closes the channel for a cause, which pending writes fail with. */
        final void fail(final IOException cause) {
            if (isOpen()) {
                pipeline().fireExceptionCaught(cause);
                final ClosedChannelException closed = new ClosedChannelException();
                closed.initCause(cause);
                close(voidPromise(), cause, closed);
            }
        }

        /** Flushes also if the last flush waits for space. */
        final void flushNow() {
            isWaitingForSpace = false;
            super.flush0();
        }

        @Override
        protected final void flush0() {
            if (!isWaitingForSpace) {
                super.flush0();
            }
        }

        @Override
        public final void close() {
            close(voidPromise());
        }

        @Override
        public String toString() {
            return AbstractVmrpcChannel.this.toString();
        }
    }
}
