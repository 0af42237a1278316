package io.vmrpc.guest.socket;

import io.vmrpc.socket.SocketAddressDescriptor;
import io.vmrpc.socket.SocketProtocol;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Datagrams that arrived and were not received yet, each whole and in one piece; fragments are joined here. The owner's.
 *
 * <pre>
 *    0        4        8                          32
 *   +--------+--------+--------------------------+----------------------+
 *   | length | cost   | address, or family 0     | data, padded to 8    |
 *   +--------+--------+--------------------------+----------------------+
 * </pre>
 */
final class DatagramQueue {
    private static final int COST = 4;
    private static final int ADDRESS = 8;
    private static final int DATA = ADDRESS + SocketAddressDescriptor.LENGTH;
    private final ReceiveQueue bytes = new ReceiveQueue();
    /** Of the last datagram, whose other fragments are still to come: its bytes here, 0 if there is none. */
    private int openBytes;

    boolean isEmpty() {
        return bytes.size() == openBytes;
    }

    /** Whether fragments of a datagram are still to come. */
    boolean isOpen() {
        return openBytes > 0;
    }

    /**
     * Adds a record.
     *
     * @param address where the sender's address begins in the buffer; negative for none.
     * @param continues the datagram goes on in the next record.
     */
    void add(final DirectBuffer from, final int address, final int offset, final int length, final boolean continues) {
        if (openBytes == 0) {
            begin(from, address);
        }
        bytes.append(from, offset, length);
        openBytes += length;
        final MutableDirectBuffer buffer = bytes.buffer();
        final int entry = bytes.head() + bytes.size() - openBytes;
        buffer.putInt(entry, openBytes - DATA);
        buffer.putInt(entry + COST, buffer.getInt(entry + COST) + length + SocketProtocol.RECORD_COST);
        if (!continues) {
            bytes.extend(-openBytes & 7);
            openBytes = 0;
        }
    }

    private void begin(final DirectBuffer from, final int address) {
        final int entry = bytes.extend(DATA);
        openBytes = DATA;
        bytes.buffer().putInt(entry + COST, 0);
        if (address < 0) {
            bytes.buffer().setMemory(entry + ADDRESS, SocketAddressDescriptor.LENGTH, (byte)0);
        } else {
            bytes.buffer().putBytes(entry + ADDRESS, from, address, SocketAddressDescriptor.LENGTH);
        }
    }

    /** Holds the first datagram, until a record is added. */
    DirectBuffer buffer() {
        return bytes.buffer();
    }

    /** Where the first datagram's address begins. */
    int address() {
        return bytes.head() + ADDRESS;
    }

    /** Where its data begins. */
    int offset() {
        return bytes.head() + DATA;
    }

    int length() {
        return bytes.buffer().getInt(bytes.head());
    }

    /** Removes the first datagram; what it took of the window. */
    int remove() {
        final int cost = bytes.buffer().getInt(bytes.head() + COST);
        bytes.skip(DATA + length() + 7 & -8);
        return cost;
    }
}
