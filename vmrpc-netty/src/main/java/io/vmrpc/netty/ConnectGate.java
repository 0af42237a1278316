package io.vmrpc.netty;

import java.util.ArrayDeque;

/**
 * Bounds the connections of one loop that are in progress: each takes a place among the channel's outstanding requests, and without a free
 * one nothing else could be asked of the agent. The loop's thread's.
 */
final class ConnectGate {
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int connecting;
    private boolean isLetting;

    /** Runs it now, or when one of `limit` others is over. */
    void enter(final Runnable connect, final int limit) {
        if (connecting < limit) {
            connecting++;
            connect.run();
        } else {
            waiting.add(connect);
        }
    }

    /** One that waits is given up. */
    void withdraw(final Runnable connect) {
        waiting.remove(connect);
    }

    /** One that ran is over: connected, failed or closed. */
    void leave() {
        connecting--;
        if (isLetting) {
            return; // it failed at once, in the loop below
        }
        isLetting = true;
        for (int before = connecting + 1; connecting < before && !waiting.isEmpty();) {
            connecting++;
            waiting.poll().run();
        }
        isLetting = false;
    }
}
