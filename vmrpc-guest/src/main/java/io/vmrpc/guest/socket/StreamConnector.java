package io.vmrpc.guest.socket;

import static io.vmrpc.socket.SocketProtocol.HEADER;

import io.vmrpc.error.Status;
import io.vmrpc.error.StatusException;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.guest.Channel;
import io.vmrpc.guest.CompletionListener;
import io.vmrpc.guest.socket.SocketErrors.Operation;
import io.vmrpc.socket.SocketAddresses;
import io.vmrpc.socket.SocketProtocol;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NoConnectionPendingException;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Connects a stream: the one request that is outstanding as long as a peer likes. The owner's. */
final class StreamConnector implements CompletionListener {
    private final VmSocket socket;
    private boolean isPending;
    /** Where to, while the ring has no space for the request. */
    private SocketAddress delayed;
    private IOException failure;

    StreamConnector(final VmSocket socket) {
        this.socket = socket;
    }

    IOException failure() {
        return failure;
    }

    /** Begins to connect. */
    void begin(final SocketAddress to, final long deadlineNs) throws IOException {
        socket.loop.refuseInHandler();
        socket.ensureUsable();
        if (socket.isConnected()) {
            throw new AlreadyConnectedException();
        }
        if (isPending) {
            throw new ConnectionPendingException();
        }
        while (!submit(to)) {
            if (!socket.mayWait()) {
                delayed = to;
                socket.loop.starve(socket);
                break;
            }
            socket.pause(deadlineNs);
        }
        isPending = true;
        failure = null;
    }

    /** The ring has space again. */
    void onSpace() {
        final SocketAddress to = delayed;
        delayed = null;
        if (to == null || !socket.isOpen()) {
            return;
        }
        try {
            if (!submit(to)) {
                delayed = to;
                socket.loop.starve(socket);
            }
        } catch (final SocketException e) {
            isPending = false;
            fail(e);
        }
    }

    private boolean submit(final SocketAddress to) throws SocketException {
        final UnsafeBuffer request = socket.requests().begin(socket.id, 0);
        final int length = HEADER + socket.addresses.put(request, HEADER, to);
        final Channel channel = socket.loop.channel;
        try {
            final boolean isSubmitted = channel.submit(socket.requests().operation(SocketProtocol.CONNECT), 0, Long.MAX_VALUE, request, 0,
                length, this) != Channel.FULL;
            channel.flush();
            return isSubmitted;
        } catch (final VmrpcException e) {
            throw SocketErrors.lost(e);
        }
    }

    /** Whether the connection is there; waits for it if the socket's operations wait. One that failed closes the socket. */
    boolean finish(final long deadlineNs) throws IOException {
        if (socket.isConnected()) {
            return true;
        }
        if (!isPending && failure == null) {
            throw new NoConnectionPendingException();
        }
        try {
            if (socket.mayWait()) {
                while (isPending) {
                    socket.await(deadlineNs);
                }
            } else {
                socket.poll();
            }
            if (failure != null) {
                throw failure;
            }
        } catch (final IOException e) {
            socket.close();
            throw e;
        }
        return !isPending;
    }

    @Override
    public void onCompletion(final long correlation, final Status status, final int detail, final boolean more, final long lost,
        final DirectBuffer payload, final int offset, final int length) {
        isPending = false;
        if (status == Status.OK) {
            final int second = SocketAddresses.length(payload, offset);
            socket.named(WireAddresses.get(payload, offset, length), WireAddresses.get(payload, offset + second, length - second), true);
            socket.notices.signal(Notices.CONNECTED);
        } else {
            final StatusException answer = new StatusException(status, detail, length == 0 ? "" : payload.getStringWithoutLengthUtf8(offset, length));
            fail(SocketErrors.of(answer, Operation.CONNECT));
        }
    }

    @Override
    public void onFailure(final long correlation, final VmrpcException cause) {
        isPending = false;
        fail(SocketErrors.lost(cause));
    }

    private void fail(final IOException cause) {
        failure = cause;
        socket.notices.signal(Notices.CONNECT_FAILED);
    }
}
