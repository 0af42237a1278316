package io.vmrpc.ring;

import org.agrona.DirectBuffer;

/** Takes completions out of a ring. */
@FunctionalInterface
public interface CompletionHandler {
    /**
     * Called for each completion, in order of completion. The payload stands in the region and is valid until this method returns.
     *
     * @param correlation of the request that it answers.
     * @param status code of a {@link io.vmrpc.error.Status}.
     * @param flags {@link io.vmrpc.layout.Protocol#COMPLETE_MORE} or 0.
     * @param detail errno or a service's own number.
     * @param lost events dropped so far.
     * @param payload buffer that holds the bytes.
     * @param offset of the first.
     * @param length 0 to the payload capacity.
     */
    void onCompletion(long correlation, int status, int flags, int detail, long lost, DirectBuffer payload, int offset, int length);
}
