package io.vmrpc.guest.socket;

import java.net.InetSocketAddress;
import org.agrona.DirectBuffer;

/**
 * Takes datagrams where they stand. Called on the socket's thread from {@link VmDatagramChannel#receive(DatagramHandler)}. It may send, but
 * nothing that it calls waits: sends are as in non-blocking mode, and what needs an answer is refused with an {@link IllegalStateException}.
 */
@FunctionalInterface
public interface DatagramHandler {
    /**
     * A datagram came.
     *
     * @param buffer that holds it until this method returns.
     * @param offset of the first byte.
     * @param length bytes, 0 to 65,535.
     * @param source who sent it.
     */
    void onDatagram(DirectBuffer buffer, int offset, int length, InetSocketAddress source);
}
