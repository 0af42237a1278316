package io.vmrpc.guest.socket;

import io.vmrpc.socket.SocketProtocol;

/** What one socket may still send (rule R48). The owner's. */
final class SendWindow {
    private int limit;
    private int available;

    /** The agent has told how much it takes. */
    void open(final int window) {
        limit = window;
        available = window;
    }

    int limit() {
        return limit;
    }

    /** Whether a record may be sent, however long: the last one may overdraw. */
    boolean isOpen() {
        return available > 0;
    }

    /** Whether a record may be sent after others that take so much. */
    boolean isOpenAfter(final int cost) {
        return available > cost;
    }

    /** A record with so many bytes of data was sent. */
    void take(final int length) {
        available -= length + SocketProtocol.RECORD_COST;
    }

    /** The agent gives some back. */
    void giveBack(final int amount) {
        available = (int)Math.min(limit, (long)available + amount);
    }
}
