package io.vmrpc.netty;

import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.util.concurrent.Future;
import io.vmrpc.guest.socket.VmSocketChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.util.concurrent.TimeUnit;

/** Connects a stream, which may time out or be cancelled. The loop's thread's. */
final class StreamConnect implements Runnable {
    /** Connections in progress take one in four places; closes take up to two. */
    private static final int SHARE_OF_RING = 4;
    private final AbstractVmrpcStreamChannel channel;
    private final AbstractVmrpcStreamChannel.StreamUnsafe unsafe;
    private SocketAddress remote;
    private ChannelPromise promise;
    private Future<?> timeout;
    /** The gate that was entered and not left. */
    private ConnectGate gate;
    private boolean isRunning;

    StreamConnect(final AbstractVmrpcStreamChannel channel, final AbstractVmrpcStreamChannel.StreamUnsafe unsafe) {
        this.channel = channel;
        this.unsafe = unsafe;
    }

    void begin(final SocketAddress to, final SocketAddress local, final ChannelPromise newPromise) {
        try {
            if (promise != null) {
                throw new ConnectionPendingException();
            }
            if (channel.isActive()) {
                throw new AlreadyConnectedException();
            }
            final VmSocketChannel socket = channel.openSocket(to);
            if (local != null) {
                socket.bind(local);
            }
            remote = to;
            promise = newPromise;
            gate = channel.registration().connects();
            gate.enter(this, Math.max(1, channel.registration().sockets().channel().capacity() / SHARE_OF_RING));
        } catch (final AlreadyConnectedException | ConnectionPendingException e) {
            newPromise.tryFailure(e);
            return;
        } catch (final IOException | RuntimeException e) {
            newPromise.tryFailure(unsafe.annotated(e, to));
            unsafe.close(unsafe.voidPromise());
            return;
        }
        if (promise == newPromise) {
            startTimeout(channel.config().getConnectTimeoutMillis());
            newPromise.addListener(future -> {
                if (future.isCancelled()) {
                    promise = null;
                    unsafe.close(unsafe.voidPromise());
                }
            });
        }
    }

    /** The gate lets it in. */
    @Override
    public void run() {
        isRunning = true;
        try {
            channel.openSocket().connect(remote);
        } catch (final IOException | RuntimeException e) {
            fail(e);
        }
    }

    private void startTimeout(final int ms) {
        if (ms > 0) {
            timeout = channel.eventLoop().schedule(() -> {
                if (promise != null && promise.tryFailure(new ConnectTimeoutException("connection timed out after " + ms + " ms: " + remote))) {
                    unsafe.close(unsafe.voidPromise());
                }
            }, ms, TimeUnit.MILLISECONDS);
        }
    }

    /** The socket is connected or has failed. */
    void finish() {
        if (gate == null) {
            return; // given up before
        }
        try {
            if (channel.openSocket().finishConnect()) {
                succeed();
            }
        } catch (final IOException | RuntimeException e) {
            fail(e);
        }
    }

    private void succeed() {
        final ChannelPromise done = over();
        if (done == null) {
            return;
        }
        final boolean isActive = channel.isActive(); // before listeners, which may close the channel
        final boolean isTaken = done.trySuccess();
        if (isActive) {
            channel.pipeline().fireChannelActive();
        }
        if (!isTaken) {
            unsafe.close(unsafe.voidPromise());
        }
    }

    private void fail(final Throwable cause) {
        final SocketAddress to = remote;
        final ChannelPromise done = over();
        if (done != null) {
            done.tryFailure(unsafe.annotated(cause, to));
        }
        unsafe.close(unsafe.voidPromise());
    }

    /** The channel closes. */
    void cancel() {
        final ChannelPromise done = over();
        if (done != null) {
            done.tryFailure(new ClosedChannelException());
        }
    }

    private ChannelPromise over() {
        final ChannelPromise done = promise;
        promise = null;
        if (timeout != null) {
            timeout.cancel(false);
            timeout = null;
        }
        final ConnectGate entered = gate;
        gate = null;
        if (entered != null && isRunning) {
            isRunning = false;
            entered.leave();
        } else if (entered != null) {
            entered.withdraw(this);
        }
        return done;
    }
}
