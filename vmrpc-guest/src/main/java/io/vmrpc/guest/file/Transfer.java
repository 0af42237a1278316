package io.vmrpc.guest.file;

import static io.vmrpc.file.FileProtocol.WRITE_HEADER;

import io.vmrpc.error.Status;
import io.vmrpc.error.StatusException;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.file.FileProtocol;
import io.vmrpc.guest.Channel;
import io.vmrpc.guest.CompletionListener;
import io.vmrpc.guest.Waiting;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A read or write that takes several records: some requests are under way at a time, each for its part, straight from or to the caller's buffer.
 * What counts is the part from the beginning without a gap: what came after a short part is as if it had not been read; of a write, those
 * bytes will be written again.
 */
final class Transfer {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private final Lane lane;
    private final Part[] parts;
    private final UnsafeBuffer head = new UnsafeBuffer(ByteBuffer.allocateDirect(WRITE_HEADER));
    private final UnsafeBuffer body = new UnsafeBuffer(0, 0);
    private final int readCapacity;
    private final int writeCapacity;
    private int freeParts;
    private ByteBuffer into;
    private int base;
    /** Where what was transferred without a gap ends at the latest. */
    private int end;
    private VmrpcException failure;
    private int failedAt;
    /** Whether a quota of the moment refused a part. */
    private boolean isRefused;
    private long appendedTo;

    /** One request under way. */
    private final class Part implements CompletionListener {
        private int start;
        private int asked;

        @Override
        public void onCompletion(final long correlation, final Status status, final int detail, final boolean more, final long lost,
            final DirectBuffer payload, final int offset, final int length) {
            parts[freeParts++] = this;
            if (status != Status.OK) {
                isRefused |= Lane.isBusy(status, detail);
                fail(new StatusException(status, detail, length == 0 ? "" : payload.getStringWithoutLengthUtf8(offset, length)));
            } else if (into != null) {
                final int count = Math.min(length, asked);
                if (count > 0) {
                    payload.getBytes(offset, into, base + start, count);
                }
                ended(count);
            } else {
                appendedTo = payload.getLong(offset + 8, ORDER);
                ended(payload.getInt(offset, ORDER));
            }
        }

        private void ended(final int count) {
            if (count < asked) {
                end = Math.min(end, start + count);
            }
        }

        private void fail(final VmrpcException cause) {
            if (start < failedAt) {
                failedAt = start;
                failure = cause;
            }
            end = Math.min(end, start);
        }

        @Override
        public void onFailure(final long correlation, final VmrpcException cause) {
            parts[freeParts++] = this;
            end = 0; // the wait throws what has ended the session
        }
    }

    Transfer(final Lane lane, final int depth) {
        this.lane = lane;
        parts = new Part[depth];
        while (freeParts < depth) {
            parts[freeParts++] = new Part();
        }
        readCapacity = lane.capacity;
        writeCapacity = lane.capacity - WRITE_HEADER;
    }

    /** Bytes read to the buffer's position, which stays; 0 at the file's end. */
    int read(final int handle, final ByteBuffer buffer, final long position) {
        into = buffer;
        base = buffer.position();
        return run(handle, position, buffer.remaining());
    }

    /** Bytes written from the buffer's position, which stays. */
    int write(final int handle, final ByteBuffer buffer, final long position) {
        into = null;
        final boolean appends = position == FileProtocol.APPEND;
        final int total = appends ? Math.min(buffer.remaining(), writeCapacity) : buffer.remaining(); // parts of an append must not part
        body.wrap(buffer, buffer.position(), total);
        return run(handle, position, total);
    }

    private int run(final int handle, final long position, final int total) {
        do {
            end = total;
            failure = null;
            failedAt = Integer.MAX_VALUE;
            isRefused = false;
            pass(handle, position, total);
            if (isRefused) {
                LockSupport.parkNanos(Waiting.SLEEP_NS);
            }
        } while (end == 0 && isRefused);
        if (end == 0 && failure != null) {
            throw failure;
        }
        return end;
    }

    private void pass(final int handle, final long position, final int total) {
        final int capacity = into == null ? writeCapacity : readCapacity;
        for (int start = 0; start < end || hasParts(); ) {
            while (start < end && freeParts > 0) {
                final int length = Math.min(capacity, total - start);
                if (!submit(handle, position, start, length)) {
                    break;
                }
                start += length;
            }
            if (hasParts()) {
                lane.channel.await(Long.MAX_VALUE);
            } else if (start < end) {
                lane.channel.pause();
            }
        }
    }

    private boolean hasParts() {
        return freeParts < parts.length;
    }

    private boolean submit(final int handle, final long position, final int start, final int length) {
        final Part part = parts[freeParts - 1];
        part.start = start;
        part.asked = length;
        head.putInt(0, handle, ORDER);
        head.putInt(4, into == null ? 0 : length, ORDER);
        head.putLong(8, position == FileProtocol.APPEND ? position : position + start, ORDER);
        final int method = into == null ? FileProtocol.WRITE : FileProtocol.READ;
        final long correlation = lane.channel.submit(lane.operation(method), 0, Long.MAX_VALUE, head, WRITE_HEADER, body, start,
            into == null ? length : 0, part);
        if (correlation == Channel.FULL) {
            return false;
        }
        freeParts--;
        return true;
    }

    /** Where the file ended after an append. */
    long appendedTo() {
        return appendedTo;
    }
}
