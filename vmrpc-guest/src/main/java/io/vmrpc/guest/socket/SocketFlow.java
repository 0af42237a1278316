package io.vmrpc.guest.socket;

import static io.vmrpc.guest.socket.SocketRequests.ORDER;
import static io.vmrpc.socket.SocketProtocol.HEADER;

import io.vmrpc.socket.SocketAddressDescriptor;
import io.vmrpc.socket.SocketProtocol;
import java.io.IOException;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** How much one socket sends and receives: both its windows, and the ring's space. The owner's. */
final class SocketFlow {
    final SendWindow sendWindow = new SendWindow();
    /** The head of SEND: id, flags, and the target of a datagram. */
    final UnsafeBuffer head = new UnsafeBuffer(new byte[HEADER + SocketAddressDescriptor.LENGTH]);
    /** The loop has it among those that the ring refused. */
    boolean isStarved;
    private final VmSocket socket;
    private final ReceiveWindow receiveWindow;
    /** A write took less than it was given. */
    private boolean isShort;

    SocketFlow(final VmSocket socket, final int window) {
        this.socket = socket;
        receiveWindow = new ReceiveWindow(window);
        head.putInt(0, socket.id, ORDER);
    }

    /** A record that nothing answers; false if window or ring have no space. */
    boolean trySend(final int headLength, final DirectBuffer body, final int offset, final int length) throws IOException {
        final boolean isSent = sendWindow.isOpen() && socket.requests().send(head, headLength, body, offset, length);
        if (isSent) {
            sendWindow.take(length);
        }
        return isSent;
    }

    /** Waits until {@link #trySend} may succeed, or for nothing. */
    void awaitSpace(final long deadlineNs) throws IOException {
        if (sendWindow.isOpen()) {
            socket.pause(deadlineNs);
        } else {
            socket.await(deadlineNs);
        }
        socket.ensureUsable();
    }

    /** Has the listener told when a write is worth another try. */
    void onShortWrite() {
        onShortWindow();
        if (sendWindow.isOpen()) {
            socket.loop.starve(socket);
        }
    }

    /** The same where it is the window that lacks. */
    void onShortWindow() {
        isShort = true;
    }

    /** The ring has space again. */
    void onSpace() {
        tellConsumed();
        onWritable();
    }

    /** The agent gives so much of the send window back. */
    void onSent(final int amount) {
        sendWindow.giveBack(amount);
        onWritable();
    }

    private void onWritable() {
        if (isShort) {
            isShort = false;
            socket.notices.signal(Notices.WRITABLE);
        }
    }

    /** So much of the receive window is free again. */
    void consume(final int amount) {
        if (receiveWindow.consume(amount)) {
            tellConsumed();
        }
    }

    private void tellConsumed() {
        if (!receiveWindow.isDue() || !socket.isOpen() || socket.failures.isFatal()) {
            return;
        }
        final int amount = receiveWindow.due();
        if (socket.requests().send(SocketProtocol.CREDIT, socket.id, amount)) {
            receiveWindow.told(amount);
        } else {
            socket.loop.starve(socket);
        }
    }
}
