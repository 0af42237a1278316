package io.vmrpc.host.socket;

import io.vmrpc.host.service.End;
import io.vmrpc.host.service.Withheld;
import io.vmrpc.natives.Errno;
import io.vmrpc.natives.Native;
import io.vmrpc.socket.SocketProtocol;
import org.agrona.MutableDirectBuffer;

/** A TCP or Unix stream socket, or one that listens. */
final class StreamSocket extends HostSocket {
    private Withheld connecting;
    private Acceptor acceptor;
    private boolean hasEnded;
    private boolean endsWriting;

    StreamSocket(final SessionSockets owner, final int id, final int family, final int fd, final long sendWindow) {
        super(owner, id, family, fd, sendWindow);
    }

    @Override
    boolean isStream() {
        return true;
    }

    /** Begins to connect; true if `connecting` will be completed later. */
    boolean connect(final long address) throws SocketFailure {
        final int result = Native.vmrpc_socket_connect(number(), address);
        if (result != -Errno.EINPROGRESS) {
            SocketFailure.check(result, "connect(2)");
        }
        awaitWriting(result == -Errno.EINPROGRESS);
        register();
        return result == -Errno.EINPROGRESS;
    }

    void connectsFor(final Withheld request) {
        connecting = request;
        request.onEnd((ended, why) -> {
            if (why != End.SESSION) {
                connecting = null; // past its deadline or cancelled: the guest decides what becomes of the socket
            }
        });
    }

    boolean isConnecting() {
        return connecting != null;
    }

    void listen(final long connections) throws SocketFailure {
        acceptor = new Acceptor(this);
        window = connections;
        register();
    }

    boolean isListening() {
        return acceptor != null;
    }

    @Override
    void onWritable() {
        if (connecting != null) {
            finishConnect();
        } else {
            super.onWritable();
        }
    }

    private void finishConnect() {
        final Withheld request = connecting;
        connecting = null;
        awaitWriting(false);
        if (!request.isOutstanding()) {
            return;
        }
        try {
            SocketFailure.check(-owner.option(this, SocketProtocol.SO_ERROR), "connect(2)");
            owner.connected(this, request);
        } catch (final SocketFailure e) {
            e.answer(request);
        }
    }

    @Override
    int receive() {
        return acceptor == null ? super.receive() : acceptor.accept();
    }

    @Override
    boolean finishLast() {
        return !hasEnded && connecting == null;
    }

    @Override
    void receive(final MutableDirectBuffer space) {
        final long received = Native.vmrpc_socket_receive(number(), space.addressOffset() + SocketProtocol.HEADER,
            space.capacity() - SocketProtocol.HEADER, 0, 0, 0);
        if (isAgain(received)) {
            isReadable = false;
        } else if (received < 0) {
            isReadable = false;
            fail((int)-received, true);
        } else {
            hasEnded = received == 0;
            EventStream.head(space, id, hasEnded ? SocketProtocol.EVENT_END : SocketProtocol.EVENT_DATA, 0);
            stream.publish(SocketProtocol.HEADER + (int)received);
            received((int)received);
        }
    }

    /** SHUTDOWN: writing ends when the backlog is out. */
    void shutdown(final int how) throws SocketFailure {
        if (how != SocketProtocol.SHUTDOWN_READING && !outbox.isEmpty()) {
            endsWriting = true;
            if (how == SocketProtocol.SHUTDOWN_BOTH) {
                SocketFailure.check(Native.vmrpc_socket_shutdown(number(), SocketProtocol.SHUTDOWN_READING), "shutdown(2)");
            }
        } else {
            SocketFailure.check(Native.vmrpc_socket_shutdown(number(), how), "shutdown(2)");
        }
    }

    @Override
    void onSent() {
        if (endsWriting) {
            endsWriting = false;
            Native.vmrpc_socket_shutdown(number(), SocketProtocol.SHUTDOWN_WRITING); // fails only if the peer was first
        }
        super.onSent();
    }

    @Override
    public void close() {
        final Withheld request = connecting;
        connecting = null;
        if (request != null && request.isOutstanding()) {
            new SocketFailure(Errno.ECANCELED, "the socket was closed while it connected").answer(request);
        }
        super.close();
    }
}
