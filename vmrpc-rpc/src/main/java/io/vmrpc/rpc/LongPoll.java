package io.vmrpc.rpc;

import io.vmrpc.error.Status;
import java.util.function.Consumer;

/**
 * A reply that the host withholds. Any thread may complete it, once.
 *
 * <p>A reply that is never completed ends with its deadline, with the guest's cancellation or with the session; until then it takes a place
 * in the guest's quota of outstanding requests and is counted as outstanding by {@link CallCounters}.
 *
 * @param <T> type of the result; {@link Void} for methods without one.
 */
public interface LongPoll<T> {
    /**
     * Sends the result. It is encoded by the calling thread before this method returns, which may then use it for something else.
     *
     * @param result for the guest.
     * @return false if the guest does not wait any more: it has cancelled, its deadline has passed, or it is gone.
     * @throws IllegalStateException if this reply was completed before; the first completion stands.
     */
    boolean complete(T result);

    /**
     * Sends a failure.
     *
     * @param failure an exception that the method declares, or an {@link RpcException}, reach the guest as such; others as INTERNAL.
     * @return false if the guest does not wait any more.
     * @throws IllegalStateException if this reply was completed before; the first completion stands.
     */
    boolean fail(Throwable failure);

    /**
     * Whether the guest still waits. For any thread; it may change at any time.
     *
     * @return false once the reply is completed, or the request has ended without one.
     */
    boolean isOutstanding();

    /**
     * Asks to be told if the request ends without a reply.
     *
     * @param listener called at most once, on the shard's thread, with CANCELLED, DEADLINE_EXCEEDED or, when the session ended, UNAVAILABLE;
     *     at once if it has ended already.
     */
    void onEnd(Consumer<Status> listener);

    /**
     * What else is known of the call.
     *
     * @return its context, which may be kept.
     */
    CallContext context();
}
