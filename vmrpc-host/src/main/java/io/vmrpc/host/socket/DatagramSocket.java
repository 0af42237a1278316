package io.vmrpc.host.socket;

import io.vmrpc.host.service.Request;
import io.vmrpc.natives.Native;
import io.vmrpc.socket.RecentAddresses;
import io.vmrpc.socket.SocketAddressDescriptor;
import io.vmrpc.socket.SocketProtocol;
import org.agrona.MutableDirectBuffer;

/** A UDP socket. A datagram that exceeds a record travels in fragments, both ways. */
final class DatagramSocket extends HostSocket {
    private boolean isConnected;
    /** Targets that the policy has allowed: a packet to a known one needs no judgement. */
    private final RecentAddresses permitted = new RecentAddresses();
    /** Of a datagram that arrived and did not fit: what the guest has not got yet. */
    private byte[] rest;
    private int restOffset;
    /** A datagram that the guest sends in fragments. */
    private Fragments fragments;

    DatagramSocket(final SessionSockets owner, final int id, final int family, final int fd, final long sendWindow) {
        super(owner, id, family, fd, sendWindow);
    }

    @Override
    boolean isStream() {
        return false;
    }

    void connected(final boolean newConnected) {
        isConnected = newConnected;
    }

    RecentAddresses permitted() {
        return permitted;
    }

    /** A record of a datagram from the guest; `address` has been judged by the policy. */
    void send(final Request request, final int address, final int addressLength, final int data, final int length,
        final boolean continues) throws SocketFailure {
        if (!continues && fragments == null) {
            outbox.send(request, address, addressLength, data, length, length + SocketProtocol.RECORD_COST);
            return;
        }
        if (fragments == null) {
            fragments = new Fragments();
        }
        fragments.add(request.payload(), request.offset() + address, addressLength, request.offset() + data, length);
        if (!continues) {
            final Fragments whole = fragments;
            fragments = null;
            outbox.send(whole.buffer(), 0, whole.addressLength(), SocketProtocol.MAX_ADDRESS, whole.length(), whole.cost());
        }
    }

    @Override
    boolean finishLast() {
        return rest == null || sendRest();
    }

    @Override
    void receive(final MutableDirectBuffer space) {
        final Scratch scratch = owner.scratch();
        final int head = SocketProtocol.HEADER + (isConnected ? 0 : SocketAddressDescriptor.LENGTH);
        final int most = space.capacity() - head;
        final long received = Native.vmrpc_socket_receive(number(), space.addressOffset() + head, most, scratch.overflowAddress(),
            Scratch.OVERFLOW, isConnected ? 0 : scratch.addressPointer());
        if (received < 0) {
            isReadable = !isAgain(received);
            if (isReadable) {
                fail((int)-received, false);
            }
            return;
        }
        if (!isConnected) {
            space.putBytes(SocketProtocol.HEADER, scratch.address(), 0, SocketAddressDescriptor.LENGTH);
        }
        final int length = (int)Math.min(received, most);
        final int flags = (isConnected ? 0 : SocketProtocol.ADDRESS) | (received > most ? SocketProtocol.FRAGMENT : 0);
        EventStream.head(space, id, SocketProtocol.EVENT_DATA, flags);
        stream.publish(head + length);
        received(length);
        if (received > most) {
            rest = new byte[(int)received - most];
            restOffset = 0;
            scratch.overflow().getBytes(0, rest);
        }
    }

    /** More records of a datagram that has begun, whatever the window: it may be overdrawn by one datagram. */
    private boolean sendRest() {
        while (rest != null) {
            final MutableDirectBuffer space = stream.claim(this);
            if (space == null) {
                return false;
            }
            final int length = Math.min(rest.length - restOffset, space.capacity() - SocketProtocol.HEADER);
            final boolean isLast = restOffset + length == rest.length;
            EventStream.head(space, id, SocketProtocol.EVENT_DATA, isLast ? 0 : SocketProtocol.FRAGMENT);
            space.putBytes(SocketProtocol.HEADER, rest, restOffset, length);
            stream.publish(SocketProtocol.HEADER + length);
            received(length);
            restOffset += length;
            if (isLast) {
                rest = null;
            }
        }
        return true;
    }
}
