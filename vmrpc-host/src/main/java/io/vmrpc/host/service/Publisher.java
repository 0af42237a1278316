package io.vmrpc.host.service;

import org.agrona.DirectBuffer;

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
     * Events dropped so far.
     *
     * @return count.
     */
    public long lost() {
        return outstanding().lost();
    }
}
