package io.vmrpc.ring;

import static io.vmrpc.layout.CompletionDescriptor.*;

import io.vmrpc.error.ProtocolViolation;
import io.vmrpc.error.ProtocolViolation.Rule;
import io.vmrpc.layout.ChannelDescriptor;
import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.Protocol;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AtomicBuffer;

/** The agent's end of the completion ring: never waits, trusts nothing it reads. Not thread-safe. */
public final class CompletionProducer {
    private final AtomicBuffer channel;
    private final Records records;
    private long tail;
    private long head;

    /**
     * Starts at position 0 and zeroes the commit words (rule R23).
     *
     * @param channel the channel's memory.
     * @param geometry the agent's own copy.
     */
    public CompletionProducer(final AtomicBuffer channel, final Geometry geometry) {
        this.channel = channel;
        records = Records.completions(geometry);
        records.clear(channel);
        blocked(false);
    }

    /**
     * Writes a completion if the ring has space.
     *
     * @param correlation of the request that it answers.
     * @param status code of a {@link io.vmrpc.error.Status}.
     * @param flags {@link Protocol#COMPLETE_MORE} or 0.
     * @param detail errno or a service's own number.
     * @param lost events dropped so far.
     * @param payload bytes to send.
     * @param offset of the first.
     * @param length 0 to the payload capacity.
     * @return false if the ring is full.
     * @throws ProtocolViolation if the guest's head is impossible.
     * @throws IllegalArgumentException if the payload is longer than a record can carry.
     */
    public boolean offer(final long correlation, final int status, final int flags, final int detail, final long lost,
        final DirectBuffer payload, final int offset, final int length) throws ProtocolViolation {
        if (length < 0 || length > records.payloadCapacity()) {
            throw new IllegalArgumentException("length=" + length + " must be 0 to the payload capacity of " + records.payloadCapacity() + " bytes");
        }
        final long position = tail;
        if (position - head >= records.capacity() && !hasSpace()) {
            return false;
        }
        if (length > 0) {
            channel.putBytes(records.payloadAt(position, length), payload, offset, length);
        }
        commit(correlation, status, flags, detail, lost, length);
        return true;
    }

    private void commit(final long correlation, final int status, final int flags, final int detail, final long lost, final int length) {
        final long position = tail;
        final int record = records.at(position);
        channel.putLong(record + CORRELATION, correlation);
        channel.putInt(record + STATUS, status);
        channel.putInt(record + FLAGS, flags);
        channel.putInt(record + PAYLOAD_LENGTH, length);
        channel.putInt(record + DETAIL, detail);
        channel.putLong(record + LOST, lost);
        channel.putLongRelease(record + COMMIT, position + 1); // A1; partner: the acquire in CompletionConsumer.poll
        tail = position + 1;
    }

    /**
     * Lets the payload of the next completion be written in place, for {@link #publish}. Nothing is promised to the guest yet, and whatever
     * it stores there meanwhile it finds there itself: the agent reads none of it.
     *
     * @param space becomes a view of the record's payload buffer, which has the payload capacity.
     * @return false if the ring is full.
     * @throws ProtocolViolation if the guest's head is impossible.
     */
    public boolean claim(final DirectBuffer space) throws ProtocolViolation {
        if (!hasSpace()) {
            return false;
        }
        space.wrap(channel, records.bufferAt(tail), records.payloadCapacity());
        return true;
    }

    /**
     * Completes with the payload that was written where {@link #claim} said; no {@link #offer} may have come between.
     *
     * @param correlation of the request that it answers.
     * @param flags {@link Protocol#COMPLETE_MORE} or 0.
     * @param lost events dropped so far.
     * @param length 0 to the payload capacity.
     */
    public void publish(final long correlation, final int flags, final long lost, final int length) {
        if (length > 0 && length <= Protocol.INLINE_CAPACITY) {
            channel.putBytes(records.payloadAt(tail, length), channel, records.bufferAt(tail), length);
        }
        commit(correlation, 0, flags, 0, lost, length);
    }

    /**
     * Whether the next {@link #offer} will succeed.
     *
     * @return false while the ring is full.
     * @throws ProtocolViolation if the guest's head moved backwards or beyond what was completed.
     */
    public boolean hasSpace() throws ProtocolViolation {
        if (tail - head >= records.capacity()) {
            final long seen = channel.getLongAcquire(ChannelDescriptor.COMPLETION_HEAD); // partner: the release in CompletionConsumer.poll
            if (seen < head || seen > tail) {
                throw new ProtocolViolation(Rule.COMPLETION_HEAD, "completion_head=" + Long.toUnsignedString(seen) +
                    " is not from " + head + " to " + tail);
            }
            head = seen;
        }
        return tail - head < records.capacity();
    }

    /**
     * Says whether completions are held back, so that the guest rings when it has made space (rules R21 and R22).
     *
     * @param isBlocked true while they are.
     */
    public void blocked(final boolean isBlocked) {
        channel.putIntRelease(ChannelDescriptor.COMPLETION_BLOCKED, isBlocked ? 1 : 0);
    }
}
