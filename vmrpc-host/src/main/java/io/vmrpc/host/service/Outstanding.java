package io.vmrpc.host.service;

import io.vmrpc.error.Status;
import java.util.concurrent.Executor;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The agent's record of a request whose completion is still to come. Records are pooled; a {@link Withheld} reaches its record only while
 * the generation is the one it was bound to, so that a stale handle cannot answer the request that uses the record now.
 */
public abstract class Outstanding {
    private long generation;
    private EndListener listener;
    private Withheld handle;

    final long bind(final Withheld newHandle) {
        handle = newHandle;
        return generation;
    }

    final boolean isGeneration(final long expected) {
        return generation == expected;
    }

    final void listen(final EndListener newListener) {
        listener = newListener;
    }

    /** Makes every handle of this record stale. */
    protected final void retire() {
        generation++;
    }

    /**
     * Tells the service, if it wants to know. Call after {@link #retire}.
     *
     * @param why the request ended.
     */
    protected final void tell(final End why) {
        final EndListener told = listener;
        final Withheld stale = handle;
        forget();
        if (told != null) {
            told.onEnd(stale, why);
        }
    }

    /** Drops what belongs to the service. */
    protected final void forget() {
        listener = null;
        handle = null;
    }

    /**
     * Completes the request; the record is retired.
     *
     * @param status outcome.
     * @param detail errno or the service's own number.
     * @param buffer holds the payload; unused if length is 0.
     * @param offset of the first byte.
     * @param length 0 to the payload capacity.
     */
    protected abstract void complete(Status status, int detail, DirectBuffer buffer, int offset, int length);

    /**
     * Completes the request with a text; the record is retired.
     *
     * @param status outcome.
     * @param detail errno or the service's own number.
     * @param text for a person.
     */
    protected abstract void fail(Status status, int detail, CharSequence text);

    /**
     * Sends an event.
     *
     * @param buffer holds the payload.
     * @param offset of the first byte.
     * @param length 0 to the payload capacity.
     * @return false if there was no space and the event is lost.
     */
    protected abstract boolean event(DirectBuffer buffer, int offset, int length);

    /**
     * Lets the next event be written in place.
     *
     * @return the space for its payload, until the next call of whatever completes; null if there is none.
     */
    protected abstract MutableDirectBuffer claim();

    /**
     * Sends the event whose space was claimed.
     *
     * @param length of its payload.
     */
    protected abstract void publish(int length);

    /**
     * Asks to be told when {@link #claim} may succeed again.
     *
     * @param listener called once, on the shard's thread.
     */
    protected abstract void awaitSpace(Runnable listener);

    /**
     * How long a payload can be.
     *
     * @return bytes.
     */
    protected abstract int payloadCapacity();

    /**
     * Events lost so far.
     *
     * @return count.
     */
    protected abstract long lost();

    /**
     * Whose request it is.
     *
     * @return the session.
     */
    protected abstract SessionInfo session();

    /**
     * The way to the shard's thread.
     *
     * @return runs tasks there; may be used by any thread.
     */
    protected abstract Executor shard();
}
