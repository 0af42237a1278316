package io.vmrpc.guest.rpc;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.vmrpc.error.Status;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.guest.CompletionListener;
import io.vmrpc.rpc.RpcException;
import io.vmrpc.rpc.schema.MethodDescriptor;
import io.vmrpc.rpc.wire.WireReader;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** Takes the reply of a call, in one completion or in parts, and keeps it until the next call. Reused; grows with the largest reply. */
final class ReplyBuffer implements CompletionListener {
    private final UnsafeBuffer buffer;
    private final WireReader reader = new WireReader();
    private @Nullable MethodDescriptor method;
    private boolean isChunked;
    private int total;
    private int length;
    private @Nullable RuntimeException failure;

    ReplyBuffer(final int capacity) {
        buffer = new UnsafeBuffer(new byte[capacity]);
    }

    void begin(final MethodDescriptor called) {
        if (method != null) {
            throw new IllegalStateException("this channel's thread is inside the call of " + method + " already: a listener must not call synchronously");
        }
        method = called;
        isChunked = false;
        total = 0;
        length = 0;
        failure = null;
    }

    void end() {
        method = null;
    }

    /** The failure, or null. */
    @Nullable RuntimeException failure() {
        return failure;
    }

    /** The result, valid until the next call. */
    WireReader reader(final MethodDescriptor called) {
        reader.wrap(buffer, 0, length, called.replyText(), false);
        return reader;
    }

    @Override
    public void onCompletion(final long correlation, final Status status, final int detail, final boolean more, final long lost,
        final DirectBuffer payload, final int offset, final int bytes) {
        if (status != Status.OK) {
            failure = Failures.of(method, status, detail, payload, offset, bytes);
        } else if (more) {
            take(payload, offset, bytes);
        } else if (isChunked) {
            if (length != total) {
                failure = new RpcException(Status.DATA_LOSS, "the reply of " + method + " has " + total + " bytes, but " + length + " came");
            }
        } else if (bytes > 0) {
            append(payload, offset, bytes);
        }
    }

    private void take(final DirectBuffer payload, final int offset, final int bytes) {
        if (isChunked) {
            append(payload, offset, bytes);
        } else {
            isChunked = true;
            total = payload.getInt(offset, LITTLE_ENDIAN);
            ensure(total);
            append(payload, offset + Integer.BYTES, bytes - Integer.BYTES);
        }
    }

    private void append(final DirectBuffer payload, final int offset, final int bytes) {
        ensure(length + bytes);
        buffer.putBytes(length, payload, offset, bytes);
        length += bytes;
    }

    private void ensure(final int capacity) {
        if (capacity > buffer.capacity()) {
            buffer.wrap(Arrays.copyOf(buffer.byteArray(), capacity));
        }
    }

    @Override
    public void onFailure(final long correlation, final VmrpcException cause) {
        failure = cause;
    }
}
