package io.vmrpc.guest;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Tasks that the owner of a scheduler shall look at: new ones, and cancelled ones that it may still have in its heap. Lock-free, so that
 * no ordinary thread can hold up the real-time one. Used by any thread; {@link #take} and {@link #close} by one at a time.
 */
final class Inbox {
    private static final Node CLOSED = new Node(null, null, 0);
    private final AtomicReference<Node> newest = new AtomicReference<>();

    /**
     * An entry.
     *
     * @param task to look at; null: none, the entry only keeps the owner from parking.
     * @param older the one put in before, or null.
     * @param depth how many there are with this one.
     */
    record Node(ScheduledTask<?> task, Node older, int depth) {
    }

    boolean isEmpty() {
        return newest.getAcquire() == null;
    }

    /** Puts a task in; how many are there now, or 0 if the inbox is closed. */
    int offer(final ScheduledTask<?> task) {
        while (true) {
            final Node older = newest.get();
            if (older == CLOSED) {
                return 0;
            }
            final Node node = new Node(task, older, older == null ? 1 : older.depth + 1);
            if (newest.compareAndSet(older, node)) {
                return node.depth;
            }
        }
    }

    /** Takes everything out: the newest entry, which leads to the others, or null. */
    Node take() {
        final Node all = newest.getAcquire();
        return all == null || all == CLOSED ? null : newest.getAndSet(null);
    }

    /** Refuses entries from now on; false if there are some to take before. */
    boolean close() {
        return newest.compareAndSet(null, CLOSED);
    }
}
