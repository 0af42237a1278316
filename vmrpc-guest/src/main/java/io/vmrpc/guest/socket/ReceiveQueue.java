package io.vmrpc.guest.socket;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Bytes that arrived and were not read yet, always in one piece. Grows as it is needed; what bounds it is the window. Bytes are moved to the
 * front only where as many are free as are moved, so each is moved a constant number of times. The owner's.
 */
final class ReceiveQueue {
    private static final int FIRST_CAPACITY = 4096;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[0]);
    private int head;
    private int tail;

    int size() {
        return tail - head;
    }

    boolean isEmpty() {
        return tail == head;
    }

    /** Holds the bytes from {@link #head()} on, until something is appended. */
    MutableDirectBuffer buffer() {
        return buffer;
    }

    int head() {
        return head;
    }

    void append(final DirectBuffer from, final int offset, final int length) {
        final int at = extend(length);
        if (length > 0) {
            buffer.putBytes(at, from, offset, length);
        }
    }

    /** Appends bytes that are not written yet; where they begin. */
    int extend(final int length) {
        makeSpace(length);
        final int at = tail;
        tail += length;
        return at;
    }

    private void makeSpace(final int length) {
        if (isEmpty()) {
            clear();
        }
        if (length <= buffer.capacity() - tail) {
            return;
        }
        final int size = size();
        if (head >= size && length <= buffer.capacity() - size) {
            buffer.putBytes(0, buffer, head, size);
        } else {
            grow(size, length);
        }
        head = 0;
        tail = size;
    }

    private void grow(final int size, final int length) {
        long capacity = Math.max(FIRST_CAPACITY, buffer.capacity());
        while (capacity < (long)size + length) {
            capacity *= 2;
        }
        final byte[] larger = new byte[(int)Math.min(capacity, Integer.MAX_VALUE - 8)];
        buffer.getBytes(head, larger, 0, size);
        buffer.wrap(larger);
    }

    /** Takes bytes out; how many. */
    int take(final MutableDirectBuffer to, final int offset, final int length) {
        final int count = Math.min(length, size());
        if (count > 0) {
            to.putBytes(offset, buffer, head, count);
            skip(count);
        }
        return count;
    }

    void skip(final int length) {
        head += length;
    }

    void clear() {
        head = 0;
        tail = 0;
    }
}
