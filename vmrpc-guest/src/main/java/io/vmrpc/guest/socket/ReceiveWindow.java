package io.vmrpc.guest.socket;

/** What one socket has consumed and the agent does not know of yet (rules R48 and R51). The owner's. */
final class ReceiveWindow {
    private final int limit;
    private long consumed;

    ReceiveWindow(final int limit) {
        this.limit = limit;
    }

    /** So much is free again; true if the agent must be told by now. */
    boolean consume(final int amount) {
        consumed += amount;
        return isDue();
    }

    /** At half of the window, so that a stream seldom waits and few records are needed. */
    boolean isDue() {
        return consumed * 2 >= limit;
    }

    int due() {
        return (int)Math.min(consumed, Integer.MAX_VALUE >> 1);
    }

    void told(final int amount) {
        consumed -= amount;
    }
}
