package io.vmrpc.guest;

import io.vmrpc.error.VmrpcException;

/**
 * The requests of a channel that have not been completed. A correlation id is an entry's index and its generation, so that a late
 * completion never reaches a later request. Allocates nothing after construction.
 */
final class Outstanding {
    private static final int INDEX_BITS = 16;
    private final CompletionListener[] listeners;
    private final long[] generations;
    private final int[] free;
    private int freeCount;

    Outstanding(final int capacity) {
        listeners = new CompletionListener[capacity];
        generations = new long[capacity];
        free = new int[capacity];
        while (freeCount < capacity) {
            free[freeCount] = capacity - 1 - freeCount++;
        }
    }

    boolean isFull() {
        return freeCount == 0;
    }

    int size() {
        return free.length - freeCount;
    }

    /** The id for a new request; there must be a free entry. */
    long add(final CompletionListener listener) {
        final int index = free[--freeCount];
        listeners[index] = listener;
        return ++generations[index] << INDEX_BITS | index;
    }

    /** The request's listener, or null if it is no longer outstanding. */
    CompletionListener find(final long correlation) {
        final int index = (int)correlation & 0xffff;
        return index < listeners.length && generations[index] == correlation >>> INDEX_BITS ? listeners[index] : null;
    }

    void remove(final long correlation) {
        final int index = (int)correlation & 0xffff;
        if (listeners[index] != null && generations[index] == correlation >>> INDEX_BITS) {
            listeners[index] = null;
            free[freeCount++] = index;
        }
    }

    void failAll(final VmrpcException failure) {
        for (int index = 0; index < listeners.length; index++) {
            final CompletionListener listener = listeners[index];
            if (listener != null) {
                final long correlation = generations[index] << INDEX_BITS | index;
                remove(correlation);
                listener.onFailure(correlation, failure);
            }
        }
    }
}
