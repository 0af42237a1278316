package io.vmrpc.host.file;

import io.vmrpc.file.FileProtocol;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Where a call's bytes stand while it is in the pool, outside the heap. Used again by later calls of the session. */
final class CallBuffers {
    /** A path and its 0. */
    private static final int PATH = FileProtocol.MAX_PATH + 1;
    final UnsafeBuffer request;
    final UnsafeBuffer reply;
    private final UnsafeBuffer paths = new UnsafeBuffer(ByteBuffer.allocateDirect(2 * PATH));

    CallBuffers(final int capacity) {
        request = new UnsafeBuffer(ByteBuffer.allocateDirect(capacity));
        reply = new UnsafeBuffer(ByteBuffer.allocateDirect(Math.max(capacity, 2 * PATH)));
    }

    /** Bytes of all of them. */
    int length() {
        return request.capacity() + reply.capacity() + paths.capacity();
    }

    static UnsafeBuffer forPath() {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(PATH));
    }

    /** Takes a path that ends with 0. */
    void path(final int index, final DirectBuffer from) {
        paths.putBytes(index * PATH, from, 0, PATH);
    }

    long path() {
        return paths.addressOffset();
    }

    long secondPath() {
        return paths.addressOffset() + PATH;
    }
}
