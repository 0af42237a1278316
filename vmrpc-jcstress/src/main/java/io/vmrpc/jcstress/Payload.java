package io.vmrpc.jcstress;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Bytes that tell which position they belong to, so that a record put together from two positions is recognised. */
final class Payload {
    static final int INLINE = 24;
    static final int BUFFERED = 64;

    private Payload() {
    }

    static UnsafeBuffer of(final long position, final int length) {
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[length]);
        for (int i = 0; i < length; i += Long.BYTES) {
            bytes.putLong(i, ~position);
        }
        return bytes;
    }

    static boolean belongs(final long position, final DirectBuffer bytes, final int offset, final int length) {
        for (int i = 0; i < length; i += Long.BYTES) {
            if (bytes.getLong(offset + i) != ~position) {
                return false;
            }
        }
        return true;
    }
}
