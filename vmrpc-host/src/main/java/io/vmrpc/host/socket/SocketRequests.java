package io.vmrpc.host.socket;

import static io.vmrpc.socket.SocketProtocol.*;

import io.vmrpc.error.Status;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.Withheld;
import io.vmrpc.natives.Errno;
import io.vmrpc.natives.Native;
import io.vmrpc.socket.RecentAddresses;
import io.vmrpc.socket.SocketAddressDescriptor;
import io.vmrpc.socket.SocketAddresses;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Takes the requests of a session: checks every number of theirs, then does what they ask. The payload is the agent's own copy. */
final class SocketRequests {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int MAX_WINDOW = 1 << 30;
    private final SessionSockets sockets;
    private final Lookups lookups = new Lookups();
    private final Memberships memberships;
    private final UnsafeBuffer reply = new UnsafeBuffer(ByteBuffer.allocateDirect(2 * MAX_ADDRESS + 8));

    SocketRequests(final SessionSockets sockets) {
        this.sockets = sockets;
        memberships = new Memberships(sockets);
    }

    /** The session is gone. */
    void end() {
        lookups.end();
    }

    MutableDirectBuffer reply() {
        return reply;
    }

    void onRequest(final Request request) {
        try {
            handle(request);
        } catch (final SocketFailure e) {
            e.answer(request);
        } catch (final IllegalArgumentException e) { // a malformed address
            request.fail(Status.INVALID_ARGUMENT, Errno.EINVAL, e.getMessage());
        }
    }

    private void handle(final Request request) throws SocketFailure {
        switch (request.method()) {
            case SEND -> send(request);
            case CREDIT -> credit(request);
            case EVENTS -> sockets.subscribe(request.channel(), request);
            case OPEN -> open(request);
            case BIND -> bind(request);
            case CONNECT -> connect(request);
            case LISTEN -> listen(request);
            case SHUTDOWN -> shutdown(request);
            case CLOSE -> find(request, 4).closeWhenSent(request.withhold());
            case ABORT -> {
                find(request, 4).abort();
                request.reply();
            }
            case SET_OPTION -> setOption(request);
            case GET_OPTION -> request.replyLong(sockets.option(open(find(request, 8)), word(request, 4)));
            case NAME -> request.reply(reply, 0, sockets.name(open(find(request, 8)), word(request, 4) != 0, reply, 0));
            case LOOKUP -> lookups.lookup(request, sockets.permitsLookup());
            case MEMBERSHIP -> {
                memberships.change(datagram(find(request, 8)), request);
                request.reply();
            }
            case ADOPT -> adopt(request);
            default -> throw new SocketFailure(Errno.ENOSYS, "the service socket has no method " + request.method() +
                ": use a newer agent");
        }
    }

    private static int word(final Request request, final int offset) {
        return request.head().getInt(request.offset() + offset, ORDER);
    }

    private static void needs(final Request request, final int length) throws SocketFailure {
        if (request.length() < length) {
            throw SocketFailure.malformed("the request has " + request.length() + " bytes and needs " + length);
        }
    }

    /** The socket that the request names and its channel owns. */
    private HostSocket find(final Request request, final int length) throws SocketFailure {
        needs(request, length);
        final HostSocket socket = sockets.find(word(request, 0));
        if (socket == null || socket.channel != request.channel()) {
            throw new SocketFailure(Errno.EBADF, "the id names no open socket of this channel");
        }
        return socket;
    }

    /** A socket that failed has no descriptor any more. */
    private static HostSocket open(final HostSocket socket) throws SocketFailure {
        if (!socket.isOpen()) {
            throw new SocketFailure(Errno.ENOTCONN, "the socket has failed: close it");
        }
        return socket;
    }

    private static DatagramSocket datagram(final HostSocket socket) throws SocketFailure {
        if (open(socket) instanceof DatagramSocket datagram) {
            return datagram;
        }
        throw SocketFailure.malformed("this needs a datagram socket");
    }

    private static StreamSocket stream(final HostSocket socket) throws SocketFailure {
        if (open(socket) instanceof StreamSocket stream) {
            return stream;
        }
        throw SocketFailure.malformed("this needs a stream socket");
    }

    private static int window(final Request request, final int offset) throws SocketFailure {
        final int window = word(request, offset);
        if (window < 0 || window > MAX_WINDOW) {
            throw SocketFailure.malformed("window=" + Integer.toUnsignedString(window) + " must be 0 to " + MAX_WINDOW);
        }
        return window;
    }

    private void open(final Request request) throws SocketFailure {
        needs(request, 16);
        final int family = word(request, 0);
        final int type = word(request, 4);
        final int flags = word(request, 8);
        final EventStream events = sockets.stream(request.channel());
        final int window = window(request, 12);
        if (family < FAMILY_IPV4 || family > FAMILY_UNIX || type != TYPE_STREAM && (type != TYPE_DATAGRAM || family == FAMILY_UNIX) ||
            (flags & ~OPEN_IPV6_ONLY) != 0) {
            throw new SocketFailure(Errno.EAFNOSUPPORT, "family=" + family + " type=" + type + " flags=" + flags +
                " is no socket that this service opens");
        }
        final HostSocket socket = sockets.open(family, type, flags != 0);
        socket.assign(request.channel(), events, window);
        if (type == TYPE_DATAGRAM) {
            try {
                socket.register();
            } catch (final SocketFailure e) {
                socket.close();
                throw e;
            }
        }
        answer(request, socket);
    }

    private void answer(final Request request, final HostSocket socket) {
        reply.putInt(0, socket.id, ORDER);
        reply.putInt(4, (int)socket.outbox.limit(), ORDER);
        request.reply(reply, 0, 8);
    }

    private void adopt(final Request request) throws SocketFailure {
        needs(request, 8);
        final HostSocket socket = sockets.find(word(request, 0));
        if (socket == null || socket.channel >= 0) {
            throw new SocketFailure(Errno.EBADF, "the id names no accepted socket that waits for its adoption");
        }
        socket.assign(request.channel(), sockets.stream(request.channel()), window(request, 4));
        socket.register();
        reply.putInt(0, (int)socket.outbox.limit(), ORDER);
        request.reply(reply, 0, 4);
        socket.resume();
    }

    /** The address at 8, as system calls of this socket take it: private, complete, and IPv4-mapped for an IPv6 socket. */
    private UnsafeBuffer address(final HostSocket socket, final Request request, final int offset) throws SocketFailure {
        return Addresses.forSocket(socket.family, request.payload(), request.offset() + offset, request.length() - offset,
            sockets.scratch().address());
    }

    private void bind(final Request request) throws SocketFailure {
        final HostSocket socket = open(find(request, 16));
        final UnsafeBuffer address = address(socket, request, 8);
        final SocketAddress asked = SocketAddresses.get(address, 0, MAX_ADDRESS);
        sockets.judgeInbound(socket, asked);
        SocketFailure.check(Native.vmrpc_socket_bind(socket.number(), address.addressOffset()), "bind(2)");
        socket.boundTo = asked;
        if (socket.family == FAMILY_UNIX) {
            socket.ownsPath(Addresses.path(address));
        }
        request.reply(reply, 0, sockets.name(socket, false, reply, 0));
    }

    private void connect(final Request request) throws SocketFailure {
        final HostSocket socket = open(find(request, 16));
        if (socket instanceof DatagramSocket datagram && SocketAddresses.family(request.head(), request.offset() + 8) == FAMILY_NONE) {
            sockets.scratch().address().setMemory(0, MAX_ADDRESS, (byte)0);
            SocketFailure.check(Native.vmrpc_socket_connect(socket.number(), sockets.scratch().addressPointer()), "connect(2)");
            datagram.connected(false);
            request.reply(reply, 0, names(socket));
            return;
        }
        final UnsafeBuffer address = address(socket, request, 8);
        sockets.judgeOutbound(socket, address, 0);
        if (socket instanceof StreamSocket stream) {
            if (stream.isConnecting()) {
                throw new SocketFailure(Errno.EINPROGRESS, "the socket connects already");
            }
            if (stream.connect(address.addressOffset())) {
                stream.connectsFor(request.withhold());
                return;
            }
        } else {
            SocketFailure.check(Native.vmrpc_socket_connect(socket.number(), address.addressOffset()), "connect(2)");
            ((DatagramSocket)socket).connected(true);
        }
        request.reply(reply, 0, names(socket));
    }

    private int names(final HostSocket socket) {
        final int local = sockets.name(socket, false, reply, 0);
        return local + sockets.name(socket, true, reply, local);
    }

    private void listen(final Request request) throws SocketFailure {
        final StreamSocket socket = stream(find(request, 12));
        if (socket.isListening()) {
            throw SocketFailure.malformed("the socket listens already");
        }
        final int connections = window(request, 8);
        if (socket.boundTo == null) {
            socket.boundTo = Addresses.anyPort(socket.family); // where listen(2) binds it
        }
        sockets.judgeInbound(socket, socket.boundTo);
        SocketFailure.check(Native.vmrpc_socket_listen(socket.number(), word(request, 4)), "listen(2)");
        socket.listen(connections);
        request.reply(reply, 0, sockets.name(socket, false, reply, 0));
    }

    private void send(final Request request) throws SocketFailure {
        final HostSocket socket = find(request, 8);
        final int flags = word(request, 4);
        final int addressLength = (flags & ADDRESS) == 0 ? 0 : SocketAddressDescriptor.LENGTH;
        needs(request, HEADER + addressLength);
        final int data = HEADER + addressLength;
        final int length = request.length() - HEADER - addressLength;
        if (!socket.isOpen()) {
            throw new SocketFailure(Errno.ENOTCONN, "the socket has failed: close it"); // the guest was told
        }
        if (socket instanceof DatagramSocket datagram) {
            judgeTarget(datagram, request, addressLength, length);
            datagram.send(request, HEADER, addressLength, data, length, (flags & FRAGMENT) != 0);
        } else if (flags != 0) {
            throw SocketFailure.malformed("flags=" + flags + " of SEND are for datagram sockets");
        } else if (length > 0) {
            socket.outbox.send(request, 0, 0, data, length, length + RECORD_COST);
        }
        request.reply();
    }

    /** The datagram is sent from where the payload stands, so its address must be in the socket's own form there. */
    private void judgeTarget(final DatagramSocket socket, final Request request, final int addressLength, final int length)
        throws SocketFailure {
        if (addressLength == 0 || socket.permitted().find(request.head(), request.offset() + HEADER) != RecentAddresses.UNKNOWN) {
            return;
        }
        final UnsafeBuffer address = address(socket, request, HEADER);
        try {
            sockets.judgeOutbound(socket, address, 0);
        } catch (final SocketFailure e) {
            if (request.isOneWay()) { // the guest has taken it from its window
                socket.outbox.refuse(length + RECORD_COST);
                socket.fail(e.errno(), false);
            }
            throw e;
        }
        if (SocketAddresses.family(address, 0) != SocketAddresses.family(request.head(), request.offset() + HEADER)) {
            throw SocketFailure.malformed("an IPv6 socket sends to IPv4-mapped addresses");
        }
        socket.permitted().add(address, 0);
    }

    private void credit(final Request request) throws SocketFailure {
        final HostSocket socket = find(request, 8);
        socket.credit(window(request, 4));
        request.reply();
    }

    private void shutdown(final Request request) throws SocketFailure {
        final StreamSocket socket = stream(find(request, 8));
        final int how = word(request, 4);
        if (how < SHUTDOWN_READING || how > SHUTDOWN_BOTH) {
            throw SocketFailure.malformed("how=" + how + " of SHUTDOWN must be 0 to 2");
        }
        socket.shutdown(how);
        request.reply();
    }

    private void setOption(final Request request) throws SocketFailure {
        final HostSocket socket = open(find(request, 16));
        final int option = word(request, 4);
        final long value = request.head().getLong(request.offset() + 8, ORDER);
        Options.check(option, value);
        SocketFailure.check(Native.vmrpc_socket_set(socket.number(), socket.family, option, value), "setsockopt(2)");
        request.reply();
    }
}
