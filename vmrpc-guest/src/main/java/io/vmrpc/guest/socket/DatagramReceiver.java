package io.vmrpc.guest.socket;

import io.vmrpc.socket.SocketAddressDescriptor;
import io.vmrpc.socket.SocketProtocol;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Takes the datagrams of a socket: straight to the receiver that waits, else into the queue. Those in fragments always go by the queue,
 * which joins them. The owner's.
 */
final class DatagramReceiver {
    private final VmSocket socket;
    private final DatagramQueue queue = new DatagramQueue();
    /** Of the receiver that waits: one of them, or none. */
    private MutableDirectBuffer destination;
    private DatagramHandler handler;
    private int destinationOffset;
    private int space;
    /** Datagrams that went to it. */
    private int count;
    private int copied;
    private InetSocketAddress source;

    DatagramReceiver(final VmSocket socket) {
        this.socket = socket;
    }

    boolean isReadable() {
        return !queue.isEmpty();
    }

    /** Who sent what was received last. */
    InetSocketAddress source() {
        return source;
    }

    /** How much of it was received. */
    int copied() {
        return copied;
    }

    void onData(final int flags, final DirectBuffer from, final int offset, final int length) {
        final boolean hasAddress = (flags & SocketProtocol.ADDRESS) != 0;
        final int address = hasAddress ? offset : -1;
        final int head = hasAddress ? SocketAddressDescriptor.LENGTH : 0;
        final boolean continues = (flags & SocketProtocol.FRAGMENT) != 0;
        if (continues || !queue.isEmpty() || queue.isOpen() || !isAwaited()) {
            queue.add(from, address, offset + head, length - head, continues);
            socket.notices.signal(Notices.READABLE);
            return;
        }
        try {
            hand(from, address, offset + head, length - head);
        } finally {
            socket.flow.consume(length - head + SocketProtocol.RECORD_COST);
        }
    }

    private boolean isAwaited() {
        return handler != null || destination != null && count == 0;
    }

    private void hand(final DirectBuffer from, final int address, final int offset, final int length) {
        source = address < 0 ? null : socket.addresses.source(from, address);
        if (source == null && socket.remoteAddress() instanceof InetSocketAddress remote) {
            source = remote;
        }
        count++;
        if (handler == null) {
            copied = Math.min(length, space);
            if (copied > 0) {
                destination.putBytes(destinationOffset, from, offset, copied);
            }
            return;
        }
        socket.loop.handling(true);
        try {
            handler.onDatagram(from, offset, length, source);
        } finally {
            socket.loop.handling(false);
        }
    }

    private void handQueued() {
        try {
            hand(queue.buffer(), queue.address(), queue.offset(), queue.length());
        } finally {
            socket.flow.consume(queue.remove());
        }
    }

    /** Receives one datagram, and drops what of it finds no space; false if none is there and receives do not wait. */
    boolean receive(final MutableDirectBuffer to, final int offset, final int length, final long deadlineNs) throws IOException {
        socket.ensureUsable();
        destination = to;
        destinationOffset = offset;
        space = length;
        count = 0;
        try {
            if (queue.isEmpty() && !await(deadlineNs)) {
                throw VmSocket.timedOut();
            }
            if (count == 0 && !queue.isEmpty()) {
                handQueued();
            }
        } finally {
            destination = null;
        }
        return count > 0;
    }

    /** Hands all that are there to a handler, and at least one if receives wait. */
    int receive(final DatagramHandler to, final long deadlineNs) throws IOException {
        socket.loop.refuseInHandler();
        socket.ensureUsable();
        handler = to;
        count = 0;
        try {
            drain();
            await(deadlineNs);
            drain();
        } finally {
            handler = null;
        }
        return count;
    }

    private void drain() {
        while (!queue.isEmpty()) {
            handQueued();
        }
    }

    /** False if the deadline came. */
    private boolean await(final long deadlineNs) throws IOException {
        if (count > 0 || !socket.mayWait()) {
            socket.poll();
            return true;
        }
        while (count == 0 && queue.isEmpty()) {
            if (!socket.tryAwait(deadlineNs)) {
                return false;
            }
            socket.ensureUsable();
        }
        return true;
    }
}
