package io.vmrpc.guest.socket;

import static io.vmrpc.guest.socket.SocketRequests.ORDER;
import static io.vmrpc.socket.SocketProtocol.HEADER;

import io.vmrpc.error.VmrpcException;
import io.vmrpc.guest.socket.SocketErrors.Operation;
import io.vmrpc.socket.SocketProtocol;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What sockets of all kinds have in common: state, errors, windows, options. Belongs to the thread of its {@link Sockets}, but for what says
 * otherwise.
 */
public abstract sealed class VmSocket implements Channel permits VmSocketChannel, VmServerSocketChannel, VmDatagramChannel {
    private static final int OPEN = 0;
    private static final int CLOSING = 1;
    private static final int ABORTING = 2;

    final SocketLoop loop;
    final int id;
    final int family;
    final WireAddresses addresses;
    final SocketFlow flow;
    final SocketFailures failures = new SocketFailures(this);
    final Notices notices = new Notices(this);
    private final Set<SocketOption<?>> options;
    private final AtomicInteger state = new AtomicInteger(OPEN);
    private volatile SocketAddress local;
    private volatile SocketAddress remote;
    private volatile boolean isConnected;
    private volatile boolean isBlocking = true;

    VmSocket(final SocketLoop loop, final int id, final int family, final int window, final Set<SocketOption<?>> options) {
        this.loop = loop;
        this.id = id;
        this.family = family;
        this.options = options;
        addresses = new WireAddresses(family);
        flow = new SocketFlow(this, window);
        loop.add(this);
    }

    /**
     * The address of this end, which is the host's. For any thread.
     *
     * @return null while the socket is not bound.
     */
    public SocketAddress localAddress() {
        return local;
    }

    /**
     * The address of the peer. For any thread.
     *
     * @return null while the socket is not connected.
     */
    public SocketAddress remoteAddress() {
        return remote;
    }

    /**
     * Whether the socket is connected. For any thread.
     *
     * @return true also after the peer has gone.
     */
    public boolean isConnected() {
        return isConnected;
    }

    final void named(final SocketAddress newLocal, final SocketAddress newRemote, final boolean connected) {
        local = newLocal;
        remote = newRemote;
        isConnected = connected;
    }

    /**
     * Whether the socket was not closed. For any thread.
     *
     * @return true also after an error, until it is closed.
     */
    @Override
    public final boolean isOpen() {
        return state.get() == OPEN;
    }

    /**
     * Closes the socket; what was written is still sent. For any thread: if it is not the owner, the owner is woken and closes it, and an
     * operation that it waits in throws {@link AsynchronousCloseException}. Does not fail, and waits for 1 ms at most, for space in the ring:
     * if there is none, the next operation of the {@link Sockets} closes it.
     */
    @Override
    public final void close() {
        end(CLOSING);
    }

    /** As {@link #close()}, but what the peer has not taken is dropped, and a TCP peer sees a reset. For any thread. */
    public final void abort() {
        end(ABORTING);
    }

    private void end(final int how) {
        if (state.compareAndSet(OPEN, how)) {
            loop.close(this);
        }
    }

    final boolean isAborted() {
        return state.get() == ABORTING;
    }

    /** The agent has been asked to close it, or is gone. */
    void onReleased() {
        notices.signal(Notices.CLOSED);
    }

    /**
     * Whether operations wait.
     *
     * @param blocking true at first; false: they do what can be done at once, and say so.
     */
    public final void configureBlocking(final boolean blocking) {
        isBlocking = blocking;
    }

    /**
     * Whether operations wait. For any thread.
     *
     * @return as it was configured.
     */
    public final boolean isBlocking() {
        return isBlocking;
    }

    /**
     * Whom to tell what happens to the socket. What is there to be read already is told by the next {@link Sockets#poll()}.
     *
     * @param newListener called by the socket's thread; null for nobody.
     */
    public final void listener(final SocketListener newListener) {
        notices.listener(newListener);
        notices.signal(missed() | failures.missed());
    }

    /** What a new listener has missed. */
    abstract int missed();

    /**
     * Sets an option of the host's socket.
     *
     * @param option one of {@link #supportedOptions()}.
     * @param value for it.
     * @param <T> type of the value.
     * @throws IOException if the host refuses the value.
     */
    public final <T> void setOption(final SocketOption<T> option, final T value) throws IOException {
        final UnsafeBuffer request = requests().begin(id, SocketOptionTable.number(options, option));
        request.putLong(HEADER, SocketOptionTable.toWire(option, value), ORDER);
        call(SocketProtocol.SET_OPTION, HEADER + Long.BYTES, Operation.OTHER);
    }

    /**
     * Asks for an option of the host's socket.
     *
     * @param option one of {@link #supportedOptions()}.
     * @param <T> type of the value.
     * @return as the host's kernel has it; it doubles sizes of buffers (socket(7)).
     * @throws IOException if the host refuses.
     */
    public final <T> T getOption(final SocketOption<T> option) throws IOException {
        requests().begin(id, SocketOptionTable.number(options, option));
        call(SocketProtocol.GET_OPTION, HEADER, Operation.OTHER);
        return SocketOptionTable.fromWire(option, requests().reply().getLong(0, ORDER));
    }

    /**
     * The options of this kind of socket.
     *
     * @return unmodifiable.
     */
    public final Set<SocketOption<?>> supportedOptions() {
        return options;
    }

    final SocketRequests requests() {
        return loop.requests;
    }

    /** BIND. */
    final void bindTo(final SocketAddress address) throws IOException {
        final UnsafeBuffer request = requests().begin(id, 0);
        call(SocketProtocol.BIND, HEADER + addresses.put(request, HEADER, address), Operation.OTHER);
        named(requests().replyAddress(0), remote, isConnected);
    }

    /** A view of what a buffer has room for; its length. */
    static int wrap(final UnsafeBuffer view, final ByteBuffer buffer) {
        if (buffer.isReadOnly()) {
            throw new IllegalArgumentException("the buffer is read-only");
        }
        view.wrap(buffer, buffer.position(), buffer.remaining());
        return buffer.remaining();
    }

    /** Calls with what stands in the request, on behalf of a usable socket. */
    final void call(final int method, final int length, final Operation operation) throws IOException {
        loop.refuseInHandler();
        ensureUsable();
        requests().call(method, length, operation);
    }

    final void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    /** Throws what an ERROR told; one that is not fatal only once. */
    final void ensureUsable() throws IOException {
        ensureOpen();
        failures.throwAny();
    }

    /** Decides between exceptions for an errno that an event told. */
    abstract Operation kind();

    final boolean mayWait() {
        return isBlocking && !loop.isInHandler();
    }

    /** Waits for anything, and throws if the socket was closed meanwhile or the time has come. */
    final void await(final long deadlineNs) throws IOException {
        if (!tryAwait(deadlineNs)) {
            throw timedOut();
        }
    }

    static SocketTimeoutException timedOut() {
        return new SocketTimeoutException("nothing came until the deadline");
    }

    /** The same, but false if the time has come. */
    final boolean tryAwait(final long deadlineNs) throws IOException {
        final boolean came;
        try {
            came = loop.await(deadlineNs);
        } catch (final VmrpcException e) {
            throw SocketErrors.lost(e);
        }
        ensureNotClosedMeanwhile();
        return came;
    }

    private void ensureNotClosedMeanwhile() throws AsynchronousCloseException {
        if (!isOpen()) {
            loop.serve();
            throw new AsynchronousCloseException();
        }
    }

    /** Takes what came; in a handler nothing can. */
    final void poll() throws IOException {
        if (!loop.isInHandler()) {
            try {
                loop.poll();
            } catch (final VmrpcException e) {
                throw SocketErrors.lost(e);
            }
            ensureOpen();
        }
    }

    /** Waits for what nobody is woken for: space in the ring, which lacks for a moment only. */
    final void pause(final long deadlineNs) throws IOException {
        final boolean isInTime;
        try {
            isInTime = loop.pause(deadlineNs);
        } catch (final VmrpcException e) {
            throw SocketErrors.lost(e);
        }
        ensureNotClosedMeanwhile();
        if (!isInTime) {
            throw timedOut();
        }
    }

    /** The ring has space again. */
    void onSpace() {
        flow.onSpace();
    }

    /** Called while the channel is drained: no listener runs, and nothing waits. */
    final void onEvent(final int kind, final int flags, final DirectBuffer payload, final int offset, final int length) {
        switch (kind) {
            case SocketProtocol.EVENT_DATA -> onData(flags, payload, offset, length);
            case SocketProtocol.EVENT_END -> onEnd();
            case SocketProtocol.EVENT_ERROR -> failures.onError(payload.getInt(offset, ORDER), payload.getInt(offset + 4, ORDER) != 0);
            case SocketProtocol.EVENT_ACCEPTED -> onAccepted(payload, offset, length);
            case SocketProtocol.EVENT_SENT -> flow.onSent(payload.getInt(offset, ORDER));
            default -> { } // of a newer agent
        }
    }

    void onData(final int flags, final DirectBuffer payload, final int offset, final int length) {
    }

    void onEnd() {
    }

    void onAccepted(final DirectBuffer payload, final int offset, final int length) {
    }

    /** Why a connection that was begun without waiting did not come about. */
    IOException connectFailure() {
        return null;
    }
}
