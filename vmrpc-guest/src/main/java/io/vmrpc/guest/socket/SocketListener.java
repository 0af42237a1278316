package io.vmrpc.guest.socket;

import java.io.IOException;

/**
 * What an event loop wants to know of a socket. Called on the socket's thread from {@link Sockets#await} and {@link Sockets#poll()} and from
 * nothing else, after what came was put into queues: so a callback may do anything that the thread may, also read, write and close. Each
 * tells of a change, not of a state: what is left unread is not told again. What it throws goes to the caller of {@code await} or
 * {@code poll}; the callbacks that are still due come by the next one.
 */
public interface SocketListener {
    /** Data, the end of the stream or an error is there to be read. */
    default void onReadable() {
    }

    /** After a write took less than it was given: there is room again. */
    default void onWritable() {
    }

    /** A connection that was begun without waiting is there. */
    default void onConnected() {
    }

    /**
     * A connection that was begun without waiting did not come about; close the socket.
     *
     * @param cause why.
     */
    default void onConnectFailed(final IOException cause) {
    }

    /** A connection waits to be accepted. */
    default void onAcceptable() {
    }

    /**
     * The socket is of no use any more. Told once; close it.
     *
     * @param cause why; null if this side closed it.
     */
    default void onClosed(final IOException cause) {
    }
}
