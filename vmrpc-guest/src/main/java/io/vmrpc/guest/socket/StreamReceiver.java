package io.vmrpc.guest.socket;

import io.vmrpc.socket.SocketProtocol;
import java.io.IOException;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Takes what a stream brings: straight to a reader that waits, else into the queue. The owner's. */
final class StreamReceiver {
    private final VmSocket socket;
    private final ReceiveQueue queue = new ReceiveQueue();
    /** Of the reader that waits, while the queue is empty. */
    private MutableDirectBuffer destination;
    private int destinationOffset;
    private int space;
    private int received;
    private boolean hasEnded;
    private boolean isShut;

    StreamReceiver(final VmSocket socket) {
        this.socket = socket;
    }

    void onData(final DirectBuffer from, final int offset, final int length) {
        if (isShut) {
            return;
        }
        final int direct = destination != null && queue.isEmpty() ? Math.min(length, space - received) : 0;
        if (direct > 0) {
            destination.putBytes(destinationOffset + received, from, offset, direct);
            received += direct;
        }
        if (direct < length) {
            queue.append(from, offset + direct, length - direct);
        }
        socket.notices.signal(Notices.READABLE);
        socket.flow.consume(direct + SocketProtocol.RECORD_COST); // of the record itself nothing is kept
    }

    void onEnd() {
        hasEnded = true;
        socket.notices.signal(Notices.READABLE);
    }

    /** Ends reading on this side. */
    void shut() {
        isShut = true;
        queue.clear();
    }

    boolean isShut() {
        return isShut;
    }

    int available() {
        return queue.size();
    }

    boolean isReadable() {
        return !queue.isEmpty() || hasEnded;
    }

    private boolean mayCome() {
        return !hasEnded && !isShut && !socket.failures.hasFailed();
    }

    /** Bytes read; -1 at the end, 0 if nothing is there and reads do not wait. What arrived before a failure is read before it is thrown. */
    int read(final MutableDirectBuffer to, final int offset, final int length, final long deadlineNs) throws IOException {
        socket.ensureOpen();
        if (length == 0) {
            return 0;
        }
        int count = queue.take(to, offset, length);
        if (count > 0) {
            socket.flow.consume(count);
            return count;
        }
        count = mayCome() ? receive(to, offset, length, deadlineNs) : 0;
        return count > 0 ? count : nothing();
    }

    private int receive(final MutableDirectBuffer to, final int offset, final int length, final long deadlineNs) throws IOException {
        destination = to;
        destinationOffset = offset;
        space = length;
        received = 0;
        try {
            await(deadlineNs);
        } finally {
            destination = null;
        }
        return received;
    }

    private void await(final long deadlineNs) throws IOException {
        if (socket.mayWait()) {
            while (received == 0 && queue.isEmpty() && mayCome()) {
                socket.await(deadlineNs);
            }
        } else {
            socket.poll();
        }
    }

    private int nothing() throws IOException {
        if (hasEnded || isShut) {
            return -1;
        }
        socket.ensureUsable();
        return 0;
    }

    /** The same for a handler, which takes from the queue. */
    int read(final StreamHandler handler, final long deadlineNs) throws IOException {
        socket.loop.refuseInHandler();
        socket.ensureOpen();
        if (queue.isEmpty() && mayCome()) {
            received = 0;
            await(deadlineNs);
        }
        if (queue.isEmpty()) {
            return nothing();
        }
        final int size = queue.size();
        final int taken;
        socket.loop.handling(true);
        try {
            taken = handler.onBytes(queue.buffer(), queue.head(), size);
        } finally {
            socket.loop.handling(false);
        }
        if (taken < 0 || taken > size) {
            throw new IllegalArgumentException("taken=" + taken + " must be 0 to " + size);
        }
        queue.skip(taken);
        socket.flow.consume(taken);
        return taken;
    }
}
