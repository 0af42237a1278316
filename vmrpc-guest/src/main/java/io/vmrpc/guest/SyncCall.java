package io.vmrpc.guest;

import io.vmrpc.error.Status;
import io.vmrpc.error.StatusException;
import io.vmrpc.error.VmrpcException;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** The one synchronous call that a channel's thread can be in. */
final class SyncCall implements CompletionListener {
    private MutableDirectBuffer reply;
    private int replyOffset;
    private int length;
    private RuntimeException failure;

    void begin(final MutableDirectBuffer to, final int offset) {
        if (reply != null) {
            throw new IllegalStateException("this channel's thread is inside a call already: use submit in a listener, not call");
        }
        reply = to;
        replyOffset = offset;
        failure = null;
    }

    int result() {
        if (failure != null) {
            throw failure;
        }
        return length;
    }

    void end() {
        reply = null;
    }

    @Override
    public void onCompletion(final long correlation, final Status status, final int detail, final boolean more, final long lost,
        final DirectBuffer payload, final int offset, final int bytes) {
        length = bytes;
        if (status != Status.OK) {
            failure = new StatusException(status, detail, bytes == 0 ? "" : payload.getStringWithoutLengthUtf8(offset, bytes));
        } else if (bytes > reply.capacity() - replyOffset) {
            failure = new IllegalArgumentException("the reply has " + bytes + " bytes, the buffer has space for " +
                (reply.capacity() - replyOffset) + ": give a larger one");
        } else if (bytes > 0) {
            reply.putBytes(replyOffset, payload, offset, bytes);
        }
    }

    @Override
    public void onFailure(final long correlation, final VmrpcException cause) {
        failure = cause;
    }
}
