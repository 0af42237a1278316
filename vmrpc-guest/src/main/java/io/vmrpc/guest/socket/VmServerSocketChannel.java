package io.vmrpc.guest.socket;

import static io.vmrpc.guest.socket.SocketRequests.ORDER;
import static io.vmrpc.socket.SocketProtocol.HEADER;

import io.vmrpc.guest.socket.SocketErrors.Operation;
import io.vmrpc.socket.SocketAddresses;
import io.vmrpc.socket.SocketProtocol;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.NotYetBoundException;
import java.util.ArrayDeque;
import org.agrona.DirectBuffer;

/**
 * A listening TCP or Unix socket of the host, in the manner of {@link java.nio.channels.ServerSocketChannel}. Made by {@link
 * Sockets#openServer}; belongs to the thread of its {@link Sockets}. Connections that its operator's policy refuses are never seen here.
 */
public final class VmServerSocketChannel extends VmSocket {
    /** What {@link #bind(SocketAddress)} asks for; the host's kernel has a limit of its own (net.core.somaxconn). */
    public static final int DEFAULT_BACKLOG = 128;
    private final Sockets owner;
    private final int window;
    private final ArrayDeque<PendingConnection> pending = new ArrayDeque<>();
    private boolean isListening;

    VmServerSocketChannel(final Sockets owner, final SocketLoop loop, final int id, final int family, final int window) {
        super(loop, id, family, window, SocketOptionTable.SERVER);
        this.owner = owner;
        this.window = window;
    }

    /**
     * Binds the socket to an address of the host and listens.
     *
     * @param local address; port 0: any.
     * @throws IOException {@link java.net.BindException} and others, if kernel or policy refuse it.
     */
    public void bind(final SocketAddress local) throws IOException {
        bind(local, DEFAULT_BACKLOG);
    }

    /**
     * Binds the socket to an address of the host and listens.
     *
     * @param local address; port 0: any.
     * @param backlog connections that the host's kernel keeps while the guest takes none.
     * @throws IOException {@link java.net.BindException} and others, if kernel or policy refuse it.
     */
    public void bind(final SocketAddress local, final int backlog) throws IOException {
        bindTo(local);
        requests().begin(id, backlog).putInt(HEADER, window, ORDER);
        call(SocketProtocol.LISTEN, HEADER + Integer.BYTES, Operation.OTHER);
        isListening = true;
    }

    /**
     * Accepts a connection for the same {@link Sockets}; waits for it, if accepts wait.
     *
     * @return the connection; null at once if none is there and accepts do not wait.
     * @throws IOException what ended the socket.
     */
    public VmSocketChannel accept() throws IOException {
        return accept(Long.MAX_VALUE);
    }

    /**
     * Accepts a connection before a deadline.
     *
     * @param deadlineNs {@link System#nanoTime()} until which to wait.
     * @return as {@link #accept()}.
     * @throws IOException also {@link SocketTimeoutException} if none came in time.
     */
    public VmSocketChannel accept(final long deadlineNs) throws IOException {
        final PendingConnection connection = acceptPending(deadlineNs);
        return connection == null ? null : owner.adopt(connection);
    }

    /**
     * Takes a connection for another thread: nothing of it is received until {@link Sockets#adopt}. Waits for it, if accepts wait.
     *
     * @return the connection; null at once if none is there and accepts do not wait.
     * @throws IOException what ended the socket.
     */
    public PendingConnection acceptPending() throws IOException {
        return acceptPending(Long.MAX_VALUE);
    }

    /**
     * The same before a deadline.
     *
     * @param deadlineNs {@link System#nanoTime()} until which to wait.
     * @return as {@link #acceptPending()}.
     * @throws IOException also {@link SocketTimeoutException} if none came in time.
     */
    public PendingConnection acceptPending(final long deadlineNs) throws IOException {
        loop.refuseInHandler();
        ensureOpen();
        if (!isListening) {
            throw new NotYetBoundException();
        }
        if (pending.isEmpty() && !isBlocking()) {
            poll();
        }
        while (pending.isEmpty()) {
            ensureUsable();
            if (!isBlocking()) {
                return null;
            }
            await(deadlineNs);
        }
        final PendingConnection connection = pending.remove();
        flow.consume(1);
        return connection;
    }

    @Override
    void onAccepted(final DirectBuffer payload, final int offset, final int length) {
        final int peer = offset + HEADER;
        final int local = peer + SocketAddresses.length(payload, peer);
        final int end = offset + length;
        pending.add(new PendingConnection(payload.getInt(offset, ORDER), family, WireAddresses.get(payload, local, end - local),
            WireAddresses.get(payload, peer, end - peer)));
        notices.signal(Notices.ACCEPTABLE);
    }

    @Override
    void onReleased() {
        while (!pending.isEmpty()) {
            loop.refuse(pending.remove());
        }
        super.onReleased();
    }

    @Override
    Operation kind() {
        return Operation.OTHER;
    }

    /** Connections that nobody has accepted. */
    int waiting() {
        return pending.size();
    }

    @Override
    int missed() {
        return pending.isEmpty() ? 0 : Notices.ACCEPTABLE;
    }
}
