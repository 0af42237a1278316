package io.vmrpc.guest.socket;

import static io.vmrpc.guest.socket.SocketRequests.ORDER;
import static io.vmrpc.socket.SocketProtocol.HEADER;
import static io.vmrpc.socket.SocketProtocol.RECORD_COST;

import io.vmrpc.guest.socket.SocketErrors.Operation;
import io.vmrpc.natives.Errno;
import io.vmrpc.socket.SocketAddressDescriptor;
import io.vmrpc.socket.SocketProtocol;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import org.agrona.DirectBuffer;

/** Sends datagrams, each whole or not at all; those that a record cannot carry in fragments. The owner's. */
final class DatagramSender {
    private static final long RING_FULL_NS = 1_000_000_000;
    private final VmDatagramChannel socket;
    private final int capacity;
    /** Whose address stands in the socket's head. */
    private SocketAddress target;
    /** Whether the agent has answered that a datagram to it may be sent. */
    private boolean isConfirmed;

    DatagramSender(final VmDatagramChannel socket) {
        this.socket = socket;
        capacity = socket.requests().payloadCapacity() - HEADER;
    }

    /** Sends to a target, or to the peer of a connected socket if it is null; false if there is no room and sends do not wait. */
    boolean send(final DirectBuffer from, final int offset, final int length, final SocketAddress to, final long deadlineNs) throws IOException {
        socket.ensureUsable();
        final int addressLength = to == null ? 0 : SocketAddressDescriptor.LENGTH;
        if (to != null) {
            aim(to);
        }
        if (!awaitRoom(before(length, capacity - addressLength), deadlineNs)) {
            return false;
        }
        final boolean needsAnswer = to != null && !isConfirmed && !socket.loop.isInHandler();
        int sent = 0;
        do {
            final int head = sent == 0 ? addressLength : 0;
            final int count = Math.min(length - sent, capacity - head);
            final int flags = (head == 0 ? 0 : SocketProtocol.ADDRESS) | (sent + count < length ? SocketProtocol.FRAGMENT : 0);
            socket.flow.head.putInt(4, flags, ORDER);
            if (needsAnswer) {
                socket.requests().callSend(socket.flow.head, HEADER + head, from, offset + sent, count);
                socket.flow.sendWindow.take(count);
            } else if (!record(HEADER + head, from, offset + sent, count, sent > 0, deadlineNs)) {
                return false;
            }
            sent += count;
        } while (sent < length);
        if (needsAnswer) {
            isConfirmed = true;
            socket.learnName();
            socket.ensureUsable(); // an ERROR that came before the answer is this datagram's
        }
        return true;
    }

    private void aim(final SocketAddress to) {
        if (!to.equals(target)) {
            if (!(to instanceof InetSocketAddress)) {
                throw new IllegalArgumentException("target=" + to + " must be an InetSocketAddress");
            }
            target = null;
            socket.addresses.put(socket.flow.head, HEADER, to);
            target = to;
            isConfirmed = false;
        }
    }

    /** What the records before the last take of the window: it must be free, for the agent gives a datagram's cost back as a whole. */
    private int before(final int length, final int first) throws SocketException {
        if (length > SocketProtocol.MAX_DATAGRAM) {
            throw SocketErrors.of(Errno.EMSGSIZE, Operation.DATAGRAM, null);
        }
        int cost = length > first ? first + RECORD_COST : 0;
        for (int left = length - first; left > capacity; left -= capacity) {
            cost += capacity + RECORD_COST;
        }
        if (cost > socket.flow.sendWindow.limit() / 2) { // SENT may lag behind by half, so more might never be free (rule R51)
            throw new SocketException("Message too long: in records of " + capacity + " bytes the datagram takes " + cost + " of a send window of " +
                socket.flow.sendWindow.limit() + ", and more than half may never be free: have limits.bufferBytes of the policy raised, or " +
                "the region made with a larger payload capacity");
        }
        return cost;
    }

    private boolean awaitRoom(final int before, final long deadlineNs) throws IOException {
        if (!socket.flow.sendWindow.isOpenAfter(before)) {
            socket.poll();
        }
        while (!socket.flow.sendWindow.isOpenAfter(before)) {
            if (!socket.mayWait()) {
                socket.flow.onShortWindow();
                return false;
            }
            socket.await(deadlineNs);
            socket.ensureUsable();
        }
        return true;
    }

    /** A record that nothing answers. What has begun is sent to its end, whatever the mode: the ring is full for a moment only. */
    private boolean record(final int head, final DirectBuffer from, final int offset, final int count, final boolean hasBegun,
        final long deadlineNs) throws IOException {
        while (!socket.flow.trySend(head, from, offset, count)) {
            if (hasBegun) {
                awaitRing();
            } else if (socket.mayWait()) {
                socket.flow.awaitSpace(deadlineNs);
            } else {
                socket.flow.onShortWrite();
                return false;
            }
        }
        return true;
    }

    private void awaitRing() throws IOException {
        if (!socket.loop.isInHandler()) {
            socket.pause(Long.MAX_VALUE);
            return;
        }
        final long giveUpNs = System.nanoTime() + RING_FULL_NS;
        while (!socket.loop.channel.hasSpace()) {
            if (System.nanoTime() - giveUpNs > 0) {
                throw new SocketException("the agent took nothing for 1 s while a datagram was sent in parts: see its log");
            }
            Thread.onSpinWait();
        }
    }
}
