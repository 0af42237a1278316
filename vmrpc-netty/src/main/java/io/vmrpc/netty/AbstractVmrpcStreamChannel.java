package io.vmrpc.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.FileRegion;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.internal.StringUtil;
import io.vmrpc.guest.socket.PendingConnection;
import io.vmrpc.guest.socket.Sockets;
import io.vmrpc.guest.socket.VmSocketChannel;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/** A TCP or Unix stream. */
abstract class AbstractVmrpcStreamChannel extends AbstractVmrpcChannel<VmSocketChannel> implements DuplexChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);
    private static final int BUFFERS_PER_WRITE = 1024;
    private static final int BYTES_PER_WRITE = 1 << 18;
    private volatile PendingConnection accepted;
    private volatile boolean isInputShutdown;
    private volatile boolean isOutputShutdown;

    AbstractVmrpcStreamChannel(final Channel parent, final PendingConnection accepted) {
        super(parent);
        this.accepted = accepted;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isActive() {
        final VmSocketChannel current = socket();
        return isOpen() && (current == null ? accepted != null : current.isConnected());
    }

    @Override
    protected SocketAddress localAddress0() {
        final PendingConnection pending = accepted;
        return pending == null ? super.localAddress0() : pending.localAddress();
    }

    @Override
    protected SocketAddress remoteAddress0() {
        final PendingConnection pending = accepted;
        return pending == null ? super.remoteAddress0() : pending.remoteAddress();
    }

    @Override
    VmSocketChannel newSocket(final Sockets sockets, final ProtocolFamily family) throws IOException {
        return sockets.openStream(family);
    }

    @Override
    void adopt() throws IOException {
        final PendingConnection pending = accepted;
        if (pending != null) {
            attach(registration().sockets().adopt(pending));
            accepted = null;
        }
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new StreamUnsafe();
    }

    /** Connects and reads: {@link StreamReads} and {@link StreamConnect}. */
    final class StreamUnsafe extends VmrpcUnsafe {
        private final StreamReads reads = new StreamReads(AbstractVmrpcStreamChannel.this, this);
        private final StreamConnect connect = new StreamConnect(AbstractVmrpcStreamChannel.this, this);

        @Override
        public void connect(final SocketAddress remote, final SocketAddress local, final ChannelPromise promise) {
            if (!promise.isDone() && ensureOpen(promise)) {
                connect.begin(remote, local, promise);
            }
        }

        @Override
        void finishConnect() {
            connect.finish();
        }

        StreamConnect connect() {
            return connect;
        }

        @Override
        void read() {
            reads.read();
        }

        @Override
        void readEnd() {
            if (socket().available() == 0) {
                reads.read();
            }
        }

        /** A reset is told by reads and writes, after what came before it. */
        @Override
        void onFailed(final IOException cause) {
            if (cause.getCause() == null) {
                flushNow();
            } else {
                fail(cause);
            }
        }

        Throwable annotated(final Throwable cause, final SocketAddress remote) {
            return annotateConnectException(cause, remote);
        }

    }

    @Override
    protected void doBind(final SocketAddress local) throws Exception {
        openSocket(local).bind(local);
    }

    @Override
    protected void doClose() throws Exception {
        ((StreamUnsafe)unsafe()).connect().cancel();
        super.doClose();
        final PendingConnection pending = accepted;
        accepted = null;
        if (pending != null && parent() instanceof AcceptingChannel acceptor) {
            acceptor.refuse(pending);
        }
    }

    @Override
    protected Object filterOutboundMessage(final Object msg) {
        if (msg instanceof ByteBuf || msg instanceof FileRegion) {
            return msg;
        }
        throw new UnsupportedOperationException("unsupported message type: " + StringUtil.simpleClassName(msg) + " (expected: ByteBuf, FileRegion)");
    }

    @Override
    protected void doWrite(final ChannelOutboundBuffer in) throws Exception {
        final VmSocketChannel to = openSocket();
        StreamReads.look(to); // a reset that was told already is this write's, and no promise of it succeeds
        for (int spins = config().getWriteSpinCount(); spins > 0; spins--) {
            final Object msg = in.current();
            if (msg == null) {
                return;
            }
            if (!(msg instanceof FileRegion region ? write(to, in, region) : write(to, in))) {
                awaitSpace();
                return;
            }
        }
        if (!in.isEmpty()) {
            flushLater();
        }
    }

    /** Writes buffers, each copied to the ring at once or with its neighbours; false if not all were taken. */
    private static boolean write(final VmSocketChannel to, final ChannelOutboundBuffer in) throws IOException {
        final ByteBuffer[] buffers = in.nioBuffers(BUFFERS_PER_WRITE, BYTES_PER_WRITE);
        final int count = in.nioBufferCount();
        if (count == 0) {
            in.remove(); // it is empty
            return true;
        }
        final long size = in.nioBufferSize();
        final long written = to.write(buffers, 0, count);
        in.removeBytes(written);
        return written == size;
    }

    private static boolean write(final VmSocketChannel to, final ChannelOutboundBuffer in, final FileRegion region) throws IOException {
        if (region.transferred() < region.count()) {
            final long written = region.transferTo(to, region.transferred());
            if (written <= 0) {
                return false;
            }
            in.progress(written);
        }
        if (region.transferred() >= region.count()) {
            in.remove();
        }
        return true;
    }

    /** No more input comes. */
    final void inputEnded() {
        isInputShutdown = true;
    }

    final boolean hasInputEnded() {
        return isInputShutdown;
    }

    @Override
    public boolean isInputShutdown() {
        return isInputShutdown || !isActive();
    }

    @Override
    public boolean isOutputShutdown() {
        return isOutputShutdown || !isActive();
    }

    @Override
    public boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(final ChannelPromise promise) {
        onLoop(() -> {
            try {
                openSocket().shutdownInput();
                isInputShutdown = true;
                mayBeReadable(true);
                readAgain(); // which finds the end
                promise.setSuccess();
            } catch (final IOException | RuntimeException e) {
                promise.setFailure(e);
            }
        });
        return promise;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(final ChannelPromise promise) {
        onLoop(() -> ((AbstractUnsafe)unsafe()).shutdownOutput(promise));
        return promise;
    }

    @Override
    protected final void doShutdownOutput() throws Exception {
        isOutputShutdown = true;
        openSocket().shutdownOutput();
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(final ChannelPromise promise) {
        shutdownOutput().addListener(output -> shutdownInput().addListener(input -> {
            final Throwable cause = output.cause() != null ? output.cause() : input.cause();
            if (cause == null) {
                promise.setSuccess();
            } else {
                promise.setFailure(cause);
            }
        }));
        return promise;
    }

    private void onLoop(final Runnable task) {
        final EventLoop loop = eventLoop();
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }
}
