package io.vmrpc.netty;

import io.vmrpc.guest.socket.PendingConnection;

/** A channel that accepts connections for others. */
interface AcceptingChannel {
    /** Ends a connection that no channel takes. Any thread. */
    void refuse(PendingConnection connection);
}
