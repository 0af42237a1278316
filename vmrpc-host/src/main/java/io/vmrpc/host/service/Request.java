package io.vmrpc.host.service;

import io.vmrpc.error.Status;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A request, seen through a flyweight that is valid until {@link Service#onRequest} returns. Shard's thread only.
 *
 * <p>It is answered once: by {@code reply}, {@link #fail}, {@link #withhold} or {@link #subscribe}; a second answer is an
 * {@link IllegalStateException}. The answer to a one-way request goes nowhere.
 */
public abstract class Request {
    /** How many bytes of a longer payload {@link #head} has. */
    public static final int HEAD_LENGTH = 256;

    /** For the agent. */
    protected Request() {
    }

    /**
     * Which of the service's methods is called.
     *
     * @return 0 to 65535.
     */
    public abstract int method();

    /**
     * The buffer that holds the payload: a private copy that the guest cannot change.
     *
     * @return valid until the callback returns.
     */
    public abstract DirectBuffer payload();

    /**
     * The buffer that holds the payload's first bytes, as private as {@link #payload()}, and without the cost of copying a long rest.
     *
     * @return valid until the callback returns; {@link #HEAD_LENGTH} bytes from {@link #offset()}, or all if the payload has less.
     */
    public abstract DirectBuffer head();

    /**
     * Where bytes of the payload stand in memory that the guest may change at any time: for one system call that reads them, as write(2) and send(2) do, and
     * thereby makes the private copy. A service must not look at them itself.
     *
     * @param index of the first byte, from the payload's begin.
     * @param length how many.
     * @return address, valid until the callback returns.
     * @throws IndexOutOfBoundsException if they are not inside the payload.
     */
    public abstract long sharedAddress(int index, int length);

    /**
     * Where the payload begins.
     *
     * @return offset in {@link #payload()} and {@link #head()}.
     */
    public abstract int offset();

    /**
     * How long the payload is.
     *
     * @return bytes, 0 to the region's payload capacity.
     */
    public abstract int length();

    /**
     * How long a payload can be in this region.
     *
     * @return bytes.
     */
    public abstract int payloadCapacity();

    /**
     * When the caller gives up.
     *
     * @return host CLOCK_MONOTONIC in ns, absolute; {@link io.vmrpc.layout.Protocol#NO_DEADLINE}: never.
     */
    public abstract long deadlineNs();

    /**
     * Whether events may be sent.
     *
     * @return true if {@link #subscribe} is allowed.
     */
    public abstract boolean isSubscription();

    /**
     * Whether nobody waits for an answer.
     *
     * @return true if answers go nowhere.
     */
    public abstract boolean isOneWay();

    /**
     * Whose request it is.
     *
     * @return the session.
     */
    public abstract SessionInfo session();

    /**
     * The channel by which the request came.
     *
     * @return 0 to 255.
     */
    public abstract int channel();

    /**
     * Completes the request with OK.
     *
     * @param buffer holds the payload, which is copied; may be {@link #payload()}.
     * @param offset of the first byte.
     * @param length 0 to the region's payload capacity.
     */
    public abstract void reply(DirectBuffer buffer, int offset, int length);

    /** Completes the request with OK and no payload. */
    public abstract void reply();

    /**
     * Completes the request with OK and a number.
     *
     * @param value sent as 8 bytes, little-endian.
     */
    public abstract void replyLong(long value);

    /**
     * Lets the reply be written in place, by a system call for example.
     *
     * @return space of the region's payload capacity, to write to and never to read from; valid until this channel's next completion.
     *     Null if the ring is full: {@link #reply} copies and holds the reply back.
     */
    public abstract MutableDirectBuffer claim();

    /**
     * Completes the request with OK and what was written to the space which {@link #claim} gave.
     *
     * @param length of the payload, 0 to the region's payload capacity.
     */
    public abstract void replyClaimed(int length);

    /**
     * Completes the request with an error.
     *
     * @param status not OK.
     * @param detail errno or the service's own number, 0 for none.
     * @param text one sentence for the caller: what is wrong and what to do.
     */
    public abstract void fail(Status status, int detail, CharSequence text);

    /**
     * Keeps the request for later.
     *
     * @return a new handle.
     */
    public final Withheld withhold() {
        return withhold(new Withheld());
    }

    /**
     * Keeps the request for later, without allocation.
     *
     * @param handle of the service's own, not in use.
     * @return the same handle.
     */
    public final Withheld withhold(final Withheld handle) {
        requireFree(handle);
        handle.bind(outstand());
        return handle;
    }

    /**
     * Begins to send events.
     *
     * @return a new handle.
     */
    public final Publisher subscribe() {
        return subscribe(new Publisher());
    }

    /**
     * Begins to send events, without allocation.
     *
     * @param handle of the service's own, not in use.
     * @return the same handle.
     */
    public final Publisher subscribe(final Publisher handle) {
        if (!isSubscription()) {
            throw new IllegalStateException("the request is no subscription: reply to it or withhold it");
        }
        requireFree(handle);
        handle.bind(outstand());
        return handle;
    }

    private static void requireFree(final Withheld handle) {
        if (handle.isOutstanding()) {
            throw new IllegalStateException("this handle still belongs to an outstanding request: use another one");
        }
    }

    /**
     * Turns the request into a record that outlives the callback.
     *
     * @return the record, counted against the channel's quota.
     */
    protected abstract Outstanding outstand();
}
