package io.vmrpc.ring;

import static io.vmrpc.layout.SubmissionDescriptor.*;

import io.vmrpc.layout.ChannelDescriptor;
import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.Protocol;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The guest's end of the submission ring. Not thread-safe. */
public final class SubmissionProducer {
    private static final DirectBuffer NOTHING = new UnsafeBuffer(new byte[0]);
    private final AtomicBuffer channel;
    private final Records records;
    private long tail;
    private long consumed;

    /**
     * Starts at position 0 and zeroes the commit words (rule R23).
     *
     * @param channel the channel's memory.
     * @param geometry of the region.
     */
    public SubmissionProducer(final AtomicBuffer channel, final Geometry geometry) {
        this.channel = channel;
        records = Records.submissions(geometry);
        records.clear(channel);
    }

    /**
     * Writes a submission if the ring has space.
     *
     * @param correlation the guest's name for the request.
     * @param operation service and method.
     * @param flags {@code SUBMIT_} bits of {@link Protocol}.
     * @param deadlineNs absolute host time in ns, or {@link Protocol#NO_DEADLINE}.
     * @param payload bytes to send.
     * @param offset of the first.
     * @param length 0 to the region's payload capacity.
     * @return false if the ring is full.
     * @throws IllegalArgumentException if the payload is longer than a record can carry.
     */
    public boolean offer(final long correlation, final int operation, final int flags, final long deadlineNs,
        final DirectBuffer payload, final int offset, final int length) {
        return offer(correlation, operation, flags, deadlineNs, NOTHING, 0, payload, offset, length);
    }

    /**
     * Writes a submission whose payload stands in two places, if the ring has space.
     *
     * @param correlation the guest's name for the request.
     * @param operation service and method.
     * @param flags {@code SUBMIT_} bits of {@link Protocol}.
     * @param deadlineNs absolute host time in ns, or {@link Protocol#NO_DEADLINE}.
     * @param head the payload's first bytes, from 0.
     * @param headLength how many.
     * @param body the rest of the payload.
     * @param offset of its first byte.
     * @param bodyLength how many; with those of the head 0 to the region's payload capacity.
     * @return false if the ring is full.
     * @throws IllegalArgumentException if the payload is longer than a record can carry.
     */
    public boolean offer(final long correlation, final int operation, final int flags, final long deadlineNs,
        final DirectBuffer head, final int headLength, final DirectBuffer body, final int offset, final int bodyLength) {
        final int length = headLength + bodyLength;
        if (bodyLength < 0 || headLength < 0 || length < 0 || length > records.payloadCapacity()) {
            throw new IllegalArgumentException("length=" + length + " must be 0 to the payload capacity of " + records.payloadCapacity() +
                " bytes: send it in parts, or make the region with a larger one");
        }
        final long position = tail;
        if (position - consumed >= records.capacity() && !hasSpace()) {
            return false;
        }
        final int record = records.at(position);
        channel.putLong(record + CORRELATION, correlation);
        channel.putInt(record + OPERATION, operation);
        channel.putInt(record + FLAGS, flags);
        channel.putInt(record + PAYLOAD_LENGTH, length);
        channel.putInt(record + RESERVED, 0);
        channel.putLong(record + DEADLINE_NS, deadlineNs);
        final int at = records.payloadAt(position, length);
        if (headLength > 0) {
            channel.putBytes(at, head, 0, headLength);
        }
        if (bodyLength > 0) {
            channel.putBytes(at + headLength, body, offset, bodyLength);
        }
        channel.putLongRelease(record + COMMIT, position + 1); // partner: the acquire in SubmissionConsumer.poll
        tail = position + 1;
        return true;
    }

    /**
     * Whether the next {@link #offer} will succeed.
     *
     * @return false while the ring is full.
     */
    public boolean hasSpace() {
        if (tail - consumed >= records.capacity()) {
            consumed = channel.getLongAcquire(ChannelDescriptor.SUBMISSION_HEAD); // partner: the release in SubmissionConsumer.poll
        }
        return tail - consumed < records.capacity();
    }
}
