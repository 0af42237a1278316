package io.vmrpc.guest;

import io.vmrpc.error.Status;
import io.vmrpc.error.VmrpcException;
import org.agrona.DirectBuffer;

/** Told of what answers a request. Called on the channel's thread, from {@link Channel#poll()}. */
public interface CompletionListener {
    /**
     * A completion came.
     *
     * @param correlation of the request.
     * @param status outcome; a payload that comes with another than OK is UTF-8 text.
     * @param detail errno or the service's own number, 0: none.
     * @param more further completions of this request will follow.
     * @param lost subscription: events that the agent dropped so far because the ring was full.
     * @param payload buffer that holds the bytes until this method returns.
     * @param offset of the first.
     * @param length bytes.
     */
    void onCompletion(long correlation, Status status, int detail, boolean more, long lost, DirectBuffer payload, int offset, int length);

    /**
     * The session ended before the request was completed; nothing more will come.
     *
     * @param correlation of the request.
     * @param failure why.
     */
    void onFailure(long correlation, VmrpcException failure);
}
