package io.vmrpc.rpc;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The guest's end of a subscription: events that the host pushes. The guest grants the host a number of events ahead
 * ({@link CallOptions#window}) and grants more as it takes them, so that neither side keeps more than that.
 *
 * <p>Belongs to the thread of its channel, on which everything arrives.
 *
 * @param <T> type of the events.
 */
public interface Subscription<T> extends AutoCloseable {
    /**
     * Waits for the next event.
     *
     * @return the event; null if the host has ended the subscription in good order.
     * @throws io.vmrpc.error.VmrpcException if the subscription or the session failed.
     */
    @Nullable T next();

    /**
     * Waits for the next event, but not for ever.
     *
     * @param deadlineNs {@link System#nanoTime()} to wait until.
     * @return the event; null if the time has come before or the host has ended the subscription: {@link #isEnded}.
     * @throws io.vmrpc.error.VmrpcException if the subscription or the session failed.
     */
    @Nullable T next(long deadlineNs);

    /**
     * Takes an event that is there.
     *
     * @return the event; null if there is none now.
     * @throws io.vmrpc.error.VmrpcException if the subscription or the session failed.
     */
    @Nullable T poll();

    /**
     * Hands each event over as it arrives, instead of keeping it for {@link #next}: a buffer is then a view of the ring, valid during the
     * call. Those already there are handed over now.
     *
     * @param listener called by whatever polls the channel.
     */
    void onEvent(Consumer<? super T> listener);

    /**
     * Asks to be told of the end.
     *
     * @param listener called once with null if the host has ended the subscription in good order, or with why it failed.
     */
    void onEnd(Consumer<? super @Nullable RuntimeException> listener);

    /**
     * Whether nothing more will come, but what {@link #poll} has not taken.
     *
     * @return true after the host's end, a failure or {@link #close}.
     */
    boolean isEnded();

    /** Cancels the subscription; the host is told. Events that are under way are dropped. */
    @Override
    void close();
}
