package io.vmrpc.guest.socket;

import org.agrona.DirectBuffer;

/**
 * Takes bytes of a stream where they stand in its receive queue. Called on the socket's thread from {@link VmSocketChannel#read(StreamHandler)}.
 * It may write, but nothing that it calls waits, as in a {@link DatagramHandler}.
 */
@FunctionalInterface
public interface StreamHandler {
    /**
     * Bytes are there.
     *
     * @param buffer that holds them until this method returns.
     * @param offset of the first.
     * @param length all that are there, at least 1.
     * @return how many were taken, 0 to length.
     */
    int onBytes(DirectBuffer buffer, int offset, int length);
}
