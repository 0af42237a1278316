package io.vmrpc.netty;

import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.vmrpc.guest.socket.SocketListener;
import io.vmrpc.guest.socket.Sockets;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/** A handle at its loop, and the listener of its socket. The loop's thread's, but for {@link #cancel()} and {@link #isValid()}. */
final class VmrpcRegistration implements IoRegistration, SocketListener {
    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(VmrpcRegistration.class);
    private static final VmrpcIoEvent[] EVENTS = VmrpcIoEvent.values();
    private final VmrpcIoHandler handler;
    private final VmrpcIoHandle handle;
    private final AtomicBoolean isCancelled = new AtomicBoolean();
    /** A bit for each event. */
    private int submitted;
    private IOException failure;

    VmrpcRegistration(final VmrpcIoHandler handler, final VmrpcIoHandle handle) {
        this.handler = handler;
        this.handle = handle;
    }

    VmrpcIoHandle handle() {
        return handle;
    }

    /** The sockets of the loop. */
    Sockets sockets() throws IOException {
        return handler.sockets();
    }

    ConnectGate connects() {
        return handler.connects();
    }

    /** What {@link VmrpcIoEvent#FAILED} is about. */
    IOException failure() {
        return failure;
    }

    /** Itself: loops wrap it. */
    @Override
    @SuppressWarnings("unchecked")
    public <T> T attachment() {
        return (T)this;
    }

    /** Has an event told in the loop's next turn. */
    @Override
    public long submit(final IoOps ops) {
        if (submitted == 0) {
            handler.submit(this);
        }
        submitted |= 1 << ((VmrpcIoEvent)ops).ordinal();
        return 0;
    }

    /** Tells what was submitted. */
    void tellSubmitted() {
        final int due = submitted;
        submitted = 0;
        for (final VmrpcIoEvent event : EVENTS) {
            if ((due & 1 << event.ordinal()) != 0) {
                tell(event);
            }
        }
    }

    private void tell(final VmrpcIoEvent event) {
        if (!isValid()) {
            return;
        }
        final long begun = handler.begin();
        try {
            handle.handle(this, event);
        } catch (final Exception e) {
            LOG.warn("{} of {} failed", event, handle, e);
        }
        handler.end(begun);
    }

    @Override
    public boolean isValid() {
        return !isCancelled.get();
    }

    @Override
    public boolean cancel() {
        final boolean isFirst = isCancelled.compareAndSet(false, true);
        if (isFirst) {
            handler.remove(this);
        }
        return isFirst;
    }

    @Override
    public void onReadable() {
        tell(VmrpcIoEvent.READABLE);
    }

    @Override
    public void onAcceptable() {
        tell(VmrpcIoEvent.READABLE);
    }

    @Override
    public void onWritable() {
        tell(VmrpcIoEvent.WRITABLE);
    }

    @Override
    public void onConnected() {
        tell(VmrpcIoEvent.CONNECTED);
    }

    @Override
    public void onConnectFailed(final IOException cause) {
        tell(VmrpcIoEvent.CONNECTED);
    }

    @Override
    public void onClosed(final IOException cause) {
        if (cause != null) { // else it was the channel that closed it
            failure = cause;
            tell(VmrpcIoEvent.FAILED);
        }
    }
}
