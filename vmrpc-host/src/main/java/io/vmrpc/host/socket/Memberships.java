package io.vmrpc.host.socket;

import static io.vmrpc.socket.SocketProtocol.FAMILY_NONE;

import io.vmrpc.host.service.Request;
import io.vmrpc.natives.Native;
import io.vmrpc.socket.SocketAddressDescriptor;
import io.vmrpc.socket.SocketAddresses;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** MEMBERSHIP: multicast groups that a socket joins or leaves. To join one is judged like a bind to it. */
final class Memberships {
    private static final int GROUP = 8;
    private static final int SOURCE = GROUP + SocketAddressDescriptor.LENGTH;
    private static final int INTERFACE = SOURCE + SocketAddressDescriptor.LENGTH;
    private static final int MAX_INTERFACE = 15;
    private final SessionSockets sockets;

    Memberships(final SessionSockets sockets) {
        this.sockets = sockets;
    }

    void change(final DatagramSocket socket, final Request request) throws SocketFailure {
        final DirectBuffer payload = request.payload();
        final int at = request.offset();
        final int nameLength = request.length() - INTERFACE;
        if (nameLength < 0 || nameLength > MAX_INTERFACE) {
            throw SocketFailure.malformed("a membership has " + request.length() + " bytes and needs " + INTERFACE + " and an interface's name");
        }
        final int join = payload.getInt(at + 4, ByteOrder.LITTLE_ENDIAN);
        final UnsafeBuffer group = Addresses.forSocket(socket.family, payload, at + GROUP, SocketAddressDescriptor.LENGTH,
            sockets.scratch().address());
        final UnsafeBuffer source = sockets.scratch().second();
        if (SocketAddresses.family(payload, at + SOURCE) == FAMILY_NONE) {
            source.setMemory(0, SocketAddressDescriptor.LENGTH, (byte)0);
        } else {
            Addresses.forSocket(socket.family, payload, at + SOURCE, SocketAddressDescriptor.LENGTH, source);
        }
        final String networkInterface = payload.getStringWithoutLengthUtf8(at + INTERFACE, nameLength);
        sockets.judgeGroup(group);
        SocketFailure.check(Native.vmrpc_socket_member(socket.number(), join != 0 ? 1 : 0, group.addressOffset(), source.addressOffset(),
            networkInterface), "setsockopt(MCAST_JOIN_GROUP)");
    }
}
