package io.vmrpc.host.session;

import io.vmrpc.layout.Protocol;
import java.util.Arrays;

/**
 * The deadlines of a shard's outstanding requests: a binary heap, so that the next one is known exactly when the shard goes to sleep
 * and nothing has to be caught up after it. Each request knows its place, so that leaving costs no search. As large as the quotas allow.
 */
public final class Deadlines {
    private OutstandingRequest[] heap = new OutstandingRequest[64];
    private int size;

    /** Begins empty. */
    public Deadlines() {
    }

    /**
     * The earliest deadline.
     *
     * @return host time in ns, or {@link Protocol#NO_DEADLINE}.
     */
    public long next() {
        return size == 0 ? Protocol.NO_DEADLINE : heap[0].deadlineNs;
    }

    /**
     * Ends the requests whose deadline has come.
     *
     * @param nowNs host time.
     * @return how many ended.
     */
    public int expire(final long nowNs) {
        int count = 0;
        while (size > 0 && heap[0].deadlineNs <= nowNs) {
            heap[0].expire(); // leaves the heap
            count++;
        }
        return count;
    }

    void add(final OutstandingRequest request) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        up(size++, request);
    }

    void remove(final OutstandingRequest request) {
        final int place = request.place;
        if (place < 0) {
            return;
        }
        request.place = -1;
        final OutstandingRequest last = heap[--size];
        heap[size] = null;
        if (last != request) {
            up(place, last);
            if (last.place == place) {
                down(place, last);
            }
        }
    }

    private void up(final int from, final OutstandingRequest request) {
        int place = from;
        while (place > 0 && heap[(place - 1) / 2].deadlineNs > request.deadlineNs) {
            put(place, heap[(place - 1) / 2]);
            place = (place - 1) / 2;
        }
        put(place, request);
    }

    private void down(final int from, final OutstandingRequest request) {
        int place = from;
        while (2 * place + 1 < size) {
            int child = 2 * place + 1;
            if (child + 1 < size && heap[child + 1].deadlineNs < heap[child].deadlineNs) {
                child++;
            }
            if (heap[child].deadlineNs >= request.deadlineNs) {
                break;
            }
            put(place, heap[child]);
            place = child;
        }
        put(place, request);
    }

    private void put(final int place, final OutstandingRequest request) {
        heap[place] = request;
        request.place = place;
    }
}
