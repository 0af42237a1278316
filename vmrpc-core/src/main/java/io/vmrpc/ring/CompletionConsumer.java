package io.vmrpc.ring;

import static io.vmrpc.layout.CompletionDescriptor.*;

import io.vmrpc.error.SessionEndedException;
import io.vmrpc.layout.ChannelDescriptor;
import io.vmrpc.layout.Geometry;
import org.agrona.concurrent.AtomicBuffer;

/** The guest's end of the completion ring. Not thread-safe. */
public final class CompletionConsumer {
    private final AtomicBuffer channel;
    private final Records records;
    private long head;

    /**
     * Starts at position 0.
     *
     * @param channel the channel's memory.
     * @param geometry of the region.
     */
    public CompletionConsumer(final AtomicBuffer channel, final Geometry geometry) {
        this.channel = channel;
        records = Records.completions(geometry);
        channel.putLongRelease(ChannelDescriptor.COMPLETION_HEAD, 0);
    }

    /**
     * Whether nothing waits.
     *
     * @return false if {@link #poll} would find a completion.
     */
    public boolean isEmpty() {
        return channel.getLongAcquire(records.at(head) + COMMIT) != head + 1;
    }

    /**
     * Hands over what is there.
     *
     * @param handler called for each completion.
     * @param limit at most this many.
     * @return how many were handed over.
     */
    public int poll(final CompletionHandler handler, final int limit) {
        int count = 0;
        try {
            while (count < limit) {
                final long position = head;
                final int record = records.at(position);
                if (channel.getLongAcquire(record + COMMIT) != position + 1) { // partner: the release in CompletionProducer.offer
                    break;
                }
                head = position + 1; // before the handler: what it throws must not make the record come again
                count++;
                take(record, position, handler);
            }
        } finally {
            if (count > 0) {
                channel.putLongRelease(ChannelDescriptor.COMPLETION_HEAD, head); // partner: the acquire in CompletionProducer.hasSpace
            }
        }
        return count;
    }

    /**
     * Whether the agent waits for space in the ring. Call after {@link #poll} and a full fence (rule R22).
     *
     * @return true if the doorbell must be rung.
     */
    public boolean isAgentBlocked() {
        return channel.getIntAcquire(ChannelDescriptor.COMPLETION_BLOCKED) != 0;
    }

    private void take(final int record, final long position, final CompletionHandler handler) {
        final int length = channel.getInt(record + PAYLOAD_LENGTH);
        if (length < 0 || length > records.payloadCapacity()) {
            throw new SessionEndedException("the agent sent a completion of " + length + " bytes, more than the region's " +
                records.payloadCapacity() + ": another process writes to the region; stop it and connect again");
        }
        handler.onCompletion(channel.getLong(record + CORRELATION), channel.getInt(record + STATUS), channel.getInt(record + FLAGS),
            channel.getInt(record + DETAIL), channel.getLong(record + LOST), channel, records.payloadAt(position, length), length);
    }
}
