package io.vmrpc.host.socket;

import io.vmrpc.socket.SocketProtocol;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Memory outside the heap that a session's system calls write to; its content lives as long as one request or event. */
final class Scratch {
    static final int OVERFLOW = SocketProtocol.MAX_DATAGRAM;
    private final UnsafeBuffer address = new UnsafeBuffer(ByteBuffer.allocateDirect(SocketProtocol.MAX_ADDRESS + 8));
    private final UnsafeBuffer second = new UnsafeBuffer(ByteBuffer.allocateDirect(SocketProtocol.MAX_ADDRESS + 8));
    private UnsafeBuffer overflow;

    UnsafeBuffer address() {
        return address;
    }

    long addressPointer() {
        return address.addressOffset();
    }

    UnsafeBuffer second() {
        return second;
    }

    /** What of a datagram exceeds a record. */
    UnsafeBuffer overflow() {
        if (overflow == null) {
            overflow = new UnsafeBuffer(ByteBuffer.allocateDirect(OVERFLOW));
        }
        return overflow;
    }

    long overflowAddress() {
        return overflow().addressOffset();
    }
}
