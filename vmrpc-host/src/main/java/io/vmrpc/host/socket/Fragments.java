package io.vmrpc.host.socket;

import io.vmrpc.natives.Errno;
import io.vmrpc.socket.SocketProtocol;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A datagram that a guest sends in several records: the address of the first, the data of all. */
final class Fragments {
    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(SocketProtocol.MAX_ADDRESS + SocketProtocol.MAX_DATAGRAM));
    private int addressLength;
    private int length;
    private int cost;

    void add(final DirectBuffer from, final int address, final int newAddressLength, final int data, final int count) throws SocketFailure {
        if (length + count > SocketProtocol.MAX_DATAGRAM) {
            throw new SocketFailure(Errno.EMSGSIZE, "the datagram is longer than " + SocketProtocol.MAX_DATAGRAM + " bytes");
        }
        if (cost == 0 && newAddressLength > 0) {
            buffer.putBytes(0, from, address, newAddressLength);
            addressLength = newAddressLength;
        }
        buffer.putBytes(SocketProtocol.MAX_ADDRESS + length, from, data, count);
        length += count;
        cost += count + SocketProtocol.RECORD_COST;
    }

    DirectBuffer buffer() {
        return buffer;
    }

    int addressLength() {
        return addressLength;
    }

    int length() {
        return length;
    }

    int cost() {
        return cost;
    }
}
