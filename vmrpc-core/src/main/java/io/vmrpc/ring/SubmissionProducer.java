package io.vmrpc.ring;

import static io.vmrpc.layout.SubmissionDescriptor.*;

import io.vmrpc.layout.ChannelDescriptor;
import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.Protocol;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AtomicBuffer;

/** The guest's end of the submission ring. Not thread-safe. */
public final class SubmissionProducer {
    private final AtomicBuffer channel;
    private final int ring;
    private final int payloads;
    private final int capacity;
    private final int payloadCapacity;
    private long tail;
    private long head;

    /**
     * Starts at position 0 and zeroes the commit words (rule R23).
     *
     * @param channel the channel's memory.
     * @param geometry of the region.
     */
    public SubmissionProducer(final AtomicBuffer channel, final Geometry geometry) {
        this.channel = channel;
        ring = geometry.submissionRing();
        payloads = geometry.submissionPayload();
        capacity = geometry.ringCapacity();
        payloadCapacity = geometry.payloadCapacity();
        for (int i = 0; i < capacity; i++) {
            channel.putLongRelease(ring + i * LENGTH + COMMIT, 0);
        }
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
        if (length > payloadCapacity) {
            throw new IllegalArgumentException("length=" + length + " exceeds the payload capacity of " + payloadCapacity +
                " bytes: send it in parts, or make the region with a larger one");
        }
        final long position = tail;
        if (position - head >= capacity && !hasSpace()) {
            return false;
        }
        final int index = (int)position & (capacity - 1);
        final int record = ring + index * LENGTH;
        channel.putLong(record + CORRELATION, correlation);
        channel.putInt(record + OPERATION, operation);
        channel.putInt(record + FLAGS, flags);
        channel.putInt(record + PAYLOAD_LENGTH, length);
        channel.putInt(record + RESERVED, 0);
        channel.putLong(record + DEADLINE_NS, deadlineNs);
        if (length > 0) {
            final int to = length <= Protocol.INLINE_CAPACITY ? record + PAYLOAD : payloads + index * payloadCapacity;
            channel.putBytes(to, payload, offset, length);
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
        if (tail - head >= capacity) {
            head = channel.getLongAcquire(ChannelDescriptor.SUBMISSION_HEAD); // partner: the release in SubmissionConsumer.poll
        }
        return tail - head < capacity;
    }
}
