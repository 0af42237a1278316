package io.vmrpc.guest.socket;

import static io.vmrpc.socket.SocketProtocol.HEADER;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import org.agrona.DirectBuffer;

/** Sends the bytes of a stream, as far as window and ring allow. The owner's. */
final class StreamSender {
    private final VmSocket socket;
    private final int longest;
    private boolean isShut;
    private int sent;

    StreamSender(final VmSocket socket) {
        this.socket = socket;
        longest = socket.requests().payloadCapacity() - HEADER;
    }

    /** What one record carries. */
    int longest() {
        return longest;
    }

    /** Ends writing on this side. */
    void shut() {
        isShut = true;
    }

    boolean isShut() {
        return isShut;
    }

    /** What the last write sent, also if it threw. */
    int sent() {
        return sent;
    }

    /** Before a write: nothing of it is sent. */
    void begin() {
        sent = 0;
    }

    /** Bytes sent: all, if writes wait. */
    int write(final DirectBuffer from, final int offset, final int length, final long deadlineNs) throws IOException {
        ensureWritable();
        boolean hasPolled = false;
        while (sent < length) {
            final int count = Math.min(length - sent, longest);
            if (socket.flow.trySend(HEADER, from, offset + sent, count)) {
                sent += count;
            } else if (socket.mayWait()) {
                await(deadlineNs);
            } else if (hasPolled) {
                socket.flow.onShortWrite();
                break;
            } else {
                socket.poll();
                hasPolled = true;
            }
        }
        return sent;
    }

    private void ensureWritable() throws IOException {
        socket.ensureUsable();
        if (isShut) {
            throw new ClosedChannelException();
        }
    }

    private void await(final long deadlineNs) throws IOException {
        try {
            socket.flow.awaitSpace(deadlineNs);
        } catch (final SocketTimeoutException e) {
            e.bytesTransferred = sent;
            throw e;
        }
    }
}
