package io.vmrpc.host.service;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** A subscription: a withheld request that sends events before its completion. */
public final class Publisher extends Withheld {
    /** Creates a handle without a subscription. */
    public Publisher() {
    }

    /**
     * Sends an event. The agent never waits for a slow guest: an event that finds no space is dropped and counted, and the guest sees
     * the count with the next completion that it gets.
     *
     * @param buffer holds the payload, which is copied.
     * @param offset of the first byte.
     * @param length 0 to the region's payload capacity.
     * @return false if the event was dropped.
     */
    public boolean event(final DirectBuffer buffer, final int offset, final int length) {
        return outstanding().event(buffer, offset, length);
    }

    /**
     * Lets the next event be written in place, by a system call for example. For services that rather wait for a slow guest than drop.
     *
     * @return space of the region's payload capacity, to write to and never to read from; valid until this channel's next completion.
     *     Null if there is none: {@link #awaitSpace}.
     */
    public MutableDirectBuffer claim() {
        return outstanding().claim();
    }

    /**
     * Sends the event that was written to the space which {@link #claim} gave.
     *
     * @param length of its payload, 0 to the region's payload capacity.
     */
    public void publish(final int length) {
        outstanding().publish(length);
    }

    /**
     * Asks to be told when there may be space again.
     *
     * @param listener called once, on the shard's thread, not before this method returns; not if the subscription ends before.
     */
    public void awaitSpace(final Runnable listener) {
        outstanding().awaitSpace(listener);
    }

    /**
     * Events dropped so far.
     *
     * @return count.
     */
    public long lost() {
        return outstanding().lost();
    }
}
