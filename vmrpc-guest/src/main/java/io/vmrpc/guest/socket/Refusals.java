package io.vmrpc.guest.socket;

import io.vmrpc.socket.SocketProtocol;
import java.util.ArrayDeque;
import org.agrona.DirectBuffer;

/** Connections that nobody wants: adopted with no window, and reset. The owner's. */
final class Refusals {
    private final SocketRequests requests;
    private final ArrayDeque<PendingConnection> connections = new ArrayDeque<>();
    private boolean isAdopted;

    Refusals(final SocketRequests requests) {
        this.requests = requests;
    }

    /** A connection of a listener that was closed meanwhile, from its event. */
    static PendingConnection stray(final DirectBuffer payload, final int offset) {
        return new PendingConnection(payload.getInt(offset, SocketRequests.ORDER), SocketProtocol.FAMILY_NONE, null, null);
    }

    boolean isEmpty() {
        return connections.isEmpty();
    }

    void add(final PendingConnection connection) {
        connections.add(connection);
    }

    void clear() {
        connections.clear();
    }

    /** Refuses all; false if the ring has no space for that. */
    boolean send() {
        while (!connections.isEmpty()) {
            final int id = connections.peek().id();
            isAdopted = isAdopted || requests.send(SocketProtocol.ADOPT, id, 0);
            if (!isAdopted || !requests.send(SocketProtocol.ABORT, id, 0)) {
                return false;
            }
            isAdopted = false;
            connections.remove();
        }
        return true;
    }
}
