package io.vmrpc.host.socket;

import io.vmrpc.host.service.Request;
import io.vmrpc.natives.Errno;
import io.vmrpc.natives.Native;
import io.vmrpc.socket.SocketProtocol;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.ExpandableRingBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What a guest sends by one socket: handed to the kernel at once, else kept in order until it can be. Holds at most the send window and
 * one record, because the guest must not send beyond it (rule R48).
 */
final class Outbox {
    private static final int MAX_BACKLOG = 1 << 28;
    /** Of a backlog that is given back when it was not needed for a while. */
    private static final int LARGE = 65_536;
    private static final int SHRINK_MS = 1_000;
    private static final long DONE = -1;
    /** A kept record: what it cost, the length of its address, the address, the data. */
    private static final int COST = 0;
    private static final int ADDRESS_LENGTH = 4;
    private static final int BODY = 8;
    private final HostSocket socket;
    private final long limit;
    private final ExpandableRingBuffer.MessageConsumer sendKept = this::sendKept;
    private final Runnable shrink = this::shrink;
    private ExpandableRingBuffer backlog;
    private ExpandableArrayBuffer record;
    /** Of the oldest kept record. */
    private int sentBytes;
    /** Something went into the backlog since it was last considered for giving back. */
    private boolean isNeeded;
    private boolean isShrinking;
    private long used;
    /** Free again, and the guest does not know yet. */
    private long returned;

    Outbox(final HostSocket socket, final long limit) {
        this.socket = socket;
        this.limit = limit;
    }

    long limit() {
        return limit;
    }

    boolean isEmpty() {
        return backlog == null || backlog.isEmpty();
    }

    /**
     * Takes a record. What the kernel takes at once it reads where the guest wrote it; the address is the private copy that was judged.
     *
     * @param request whose payload holds address and data.
     * @param address where the receiver's address begins, in the payload's head.
     * @param addressLength 0 for none.
     * @param data where the data begins in the payload.
     * @param length of the data.
     * @param cost what it takes of the window.
     */
    void send(final Request request, final int address, final int addressLength, final int data, final int length, final int cost) {
        final long sent = take(request.sharedAddress(data, length), length, addressLength == 0 ? 0 : request.head().addressOffset() + request.offset() + address, cost);
        if (sent != DONE) {
            keep(request.payload(), request.offset() + address, addressLength, request.offset() + data + (int)sent, length - (int)sent, cost);
        }
    }

    /** The same of a record in a private buffer outside the heap. */
    void send(final DirectBuffer buffer, final int address, final int addressLength, final int data, final int length, final int cost) {
        final long sent = take(buffer.addressOffset() + data, length, addressLength == 0 ? 0 : buffer.addressOffset() + address, cost);
        if (sent != DONE) {
            keep(buffer, address, addressLength, data + (int)sent, length - (int)sent, cost);
        }
    }

    /** How many bytes the kernel has taken of a record that must be kept; DONE if it must not. */
    private long take(final long data, final int length, final long address, final int cost) {
        if (used - returned >= limit) {
            socket.fail(Errno.ENOBUFS, true); // the guest broke its window
            return DONE;
        }
        used += cost;
        socket.awaitAnswer();
        if (!isEmpty() || !socket.owner.throttle().permits(socket)) {
            return 0;
        }
        final long sent = Native.vmrpc_socket_send(socket.number(), data, length, address);
        if (sent == length || sent < 0 && !HostSocket.isAgain(sent)) {
            sent(sent, length, cost);
            return DONE;
        }
        return Math.max(0, sent);
    }

    /** A record that is not sent: what it cost is free again. */
    void refuse(final int cost) {
        used += cost;
        returned += cost;
        tell();
    }

    private void sent(final long result, final int length, final int cost) {
        if (result < 0) {
            socket.fail((int)-result, socket.isStream());
        } else {
            socket.owner.throttle().moved(length);
        }
        returned += cost;
        tell();
    }

    private void keep(final DirectBuffer buffer, final int address, final int addressLength, final int data, final int length,
        final int cost) {
        if (backlog == null) {
            backlog = new ExpandableRingBuffer(4096, MAX_BACKLOG, true);
            record = new ExpandableArrayBuffer();
        }
        isNeeded = true;
        record.putInt(COST, cost);
        record.putInt(ADDRESS_LENGTH, addressLength);
        record.putBytes(BODY, buffer, address, addressLength);
        record.putBytes(BODY + addressLength, buffer, data, length);
        if (!backlog.append(record, 0, BODY + addressLength + length)) {
            socket.fail(Errno.ENOBUFS, true);
        }
        socket.awaitWriting(true);
    }

    /** Hands over what the kernel takes now. */
    void flush() {
        while (!isEmpty() && socket.isOpen() && socket.owner.throttle().permits(socket) && backlog.consume(sendKept, 1) > 0) {
            if (isEmpty()) {
                socket.awaitWriting(false);
                socket.onSent();
            }
        }
        if (backlog != null && backlog.isEmpty() && backlog.capacity() > LARGE && !isShrinking) {
            isShrinking = true;
            isNeeded = false;
            socket.owner.loop().schedule(shrink, SHRINK_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** A peer that once was slow must not cost memory for ever; but one that is slow all the time fills the backlog again at once. */
    private void shrink() {
        isShrinking = false;
        if (!isNeeded && isEmpty()) {
            backlog = null;
        } else {
            flush();
        }
    }

    private boolean sendKept(final MutableDirectBuffer buffer, final int offset, final int length, final int headOffset) {
        final int cost = buffer.getInt(offset + COST);
        final int addressLength = buffer.getInt(offset + ADDRESS_LENGTH);
        final int data = BODY + addressLength + sentBytes;
        final long base = buffer.addressOffset() + offset;
        final long sent = Native.vmrpc_socket_send(socket.number(), base + data, length - data, addressLength == 0 ? 0 : base + BODY);
        if (HostSocket.isAgain(sent) || sent >= 0 && sent < length - data) {
            sentBytes += (int)Math.max(0, sent);
            return false;
        }
        sentBytes = 0;
        sent(sent, length - data, cost);
        return true;
    }

    /** Gives the window back when half of it is free again; false if the ring has no space for that. */
    boolean tell() {
        if (returned < limit / 2 || socket.stream == null || !socket.isOpen()) {
            return true;
        }
        final MutableDirectBuffer space = socket.stream.claim(socket);
        if (space == null) {
            return false;
        }
        EventStream.head(space, socket.id, SocketProtocol.EVENT_SENT, 0);
        space.putInt(SocketProtocol.HEADER, (int)returned, ByteOrder.LITTLE_ENDIAN);
        socket.stream.publish(SocketProtocol.HEADER + 4);
        used -= returned;
        returned = 0;
        return true;
    }

    void discard() {
        backlog = null;
        record = null;
    }
}
