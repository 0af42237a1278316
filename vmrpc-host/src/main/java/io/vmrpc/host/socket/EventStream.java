package io.vmrpc.host.socket;

import static io.vmrpc.socket.SocketEventDescriptor.FLAGS;
import static io.vmrpc.socket.SocketEventDescriptor.KIND;
import static io.vmrpc.socket.SocketEventDescriptor.SOCKET;

import io.vmrpc.host.service.Publisher;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import org.agrona.MutableDirectBuffer;

/** The events of one channel's sockets. A socket that finds no space in the ring stalls, and is resumed when the guest has made some. */
final class EventStream {
    final Publisher publisher = new Publisher();
    private final ArrayDeque<HostSocket> stalled = new ArrayDeque<>();
    private final Runnable onSpace = this::onSpace;
    private boolean isWaiting;

    /** Space for an event; null if there is none, and the socket is stalled. */
    MutableDirectBuffer claim(final HostSocket socket) {
        if (!publisher.isOutstanding()) {
            return null; // the channel is closing, and its sockets with it
        }
        final MutableDirectBuffer space = publisher.claim();
        if (space == null) {
            stall(socket);
        }
        return space;
    }

    /** Writes the head of the event into its claimed space. */
    static void head(final MutableDirectBuffer space, final int id, final int kind, final int flags) {
        space.putInt(SOCKET, id, ByteOrder.LITTLE_ENDIAN);
        space.putShort(KIND, (short)kind, ByteOrder.LITTLE_ENDIAN);
        space.putShort(FLAGS, (short)flags, ByteOrder.LITTLE_ENDIAN);
    }

    void publish(final int length) {
        publisher.publish(length);
    }

    private void stall(final HostSocket socket) {
        if (!socket.isStalled) {
            socket.isStalled = true;
            stalled.add(socket);
        }
        if (!isWaiting) {
            isWaiting = true;
            publisher.awaitSpace(onSpace);
        }
    }

    /** Each gets a turn before any gets a second one. */
    private void onSpace() {
        isWaiting = false;
        for (int count = stalled.size(); count > 0; count--) {
            final HostSocket socket = stalled.remove();
            socket.isStalled = false;
            socket.resume();
        }
    }
}
