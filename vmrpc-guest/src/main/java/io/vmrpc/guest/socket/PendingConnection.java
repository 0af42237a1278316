package io.vmrpc.guest.socket;

import java.net.SocketAddress;

/**
 * A connection that the host has accepted and no {@link Sockets} has adopted: nothing of it is received yet. Immutable, for any thread: hand
 * it to the one that shall serve it, which calls {@link Sockets#adopt}; or {@link Sockets#refuse}. It holds a socket of the host until then.
 */
public final class PendingConnection {
    private final int id;
    private final int family;
    private final SocketAddress local;
    private final SocketAddress remote;

    PendingConnection(final int id, final int family, final SocketAddress local, final SocketAddress remote) {
        this.id = id;
        this.family = family;
        this.local = local;
        this.remote = remote;
    }

    int id() {
        return id;
    }

    int family() {
        return family;
    }

    /**
     * Where it was accepted.
     *
     * @return the host's address.
     */
    public SocketAddress localAddress() {
        return local;
    }

    /**
     * Who connected.
     *
     * @return the peer's address; null if the host did not tell.
     */
    public SocketAddress remoteAddress() {
        return remote;
    }
}
