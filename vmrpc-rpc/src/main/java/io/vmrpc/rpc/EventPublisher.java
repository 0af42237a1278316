package io.vmrpc.rpc;

import io.vmrpc.error.Status;
import java.util.function.Consumer;

/**
 * The host's end of a subscription. It sends as many events as the guest has granted and keeps none: an event that has no credit or no space
 * is refused, and the caller decides whether to drop it, to merge it with the next, or to wait for {@link #onReady}.
 *
 * <p>Belongs to the shard's thread; other threads use {@link #onShard}.
 *
 * @param <T> type of the events.
 */
public interface EventPublisher<T> {
    /**
     * Sends an event, if the guest can take one now.
     *
     * @param event to send; must fit into one record of the region.
     * @return false if it was not sent: no credit, no space in the ring, or the subscription has ended.
     */
    boolean publish(T event);

    /**
     * Whether {@link #publish} would send an event now.
     *
     * @return false while there is no credit or no space, and after the end.
     */
    boolean isReady();

    /**
     * Asks to be told when an event can be sent again. Replaces what was asked before.
     *
     * @param listener called on the shard's thread each time that this publisher was not ready and becomes so.
     */
    void onReady(Runnable listener);

    /**
     * Whether the guest still listens.
     *
     * @return false after {@link #complete}, {@link #fail}, cancellation, deadline or the session's end.
     */
    boolean isOutstanding();

    /**
     * Ends the subscription in good order. Does nothing if the guest has ended it before.
     *
     * @throws IllegalStateException if it was completed or failed before.
     */
    void complete();

    /**
     * Ends the subscription with a failure.
     *
     * @param failure as in {@link LongPoll#fail}.
     * @throws IllegalStateException if it was completed or failed before.
     */
    void fail(Throwable failure);

    /**
     * Asks to be told if the guest ends the subscription.
     *
     * @param listener called at most once, on the shard's thread, with CANCELLED, DEADLINE_EXCEEDED or UNAVAILABLE.
     */
    void onEnd(Consumer<Status> listener);

    /**
     * Runs a task where this publisher may be used. For any thread.
     *
     * @param task must not block.
     */
    void onShard(Runnable task);

    /**
     * What else is known of the call.
     *
     * @return its context, which may be kept.
     */
    CallContext context();
}
