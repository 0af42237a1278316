package io.vmrpc.ring;

import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.Protocol;
import io.vmrpc.layout.SubmissionDescriptor;
import org.agrona.concurrent.AtomicBuffer;

/** Where the records of one ring and their payload buffers stand in a channel. The host's own numbers: nothing is read from the region. */
final class Records {
    /** Both kinds of record have the same length, and their commit and payload at the same places: {@code LayoutTest} sees to it. */
    private static final int LENGTH = SubmissionDescriptor.LENGTH;
    private static final int COMMIT = SubmissionDescriptor.COMMIT;
    private static final int PAYLOAD = SubmissionDescriptor.PAYLOAD;
    private final int ring;
    private final int payloads;
    private final int capacity;
    private final int payloadCapacity;

    private Records(final int ring, final int payloads, final Geometry geometry) {
        this.ring = ring;
        this.payloads = payloads;
        capacity = geometry.ringCapacity();
        payloadCapacity = geometry.payloadCapacity();
    }

    static Records submissions(final Geometry geometry) {
        return new Records(geometry.submissionRing(), geometry.submissionPayload(), geometry);
    }

    static Records completions(final Geometry geometry) {
        return new Records(geometry.completionRing(), geometry.completionPayload(), geometry);
    }

    int capacity() {
        return capacity;
    }

    int payloadCapacity() {
        return payloadCapacity;
    }

    /** Offset of the record at a position. */
    int at(final long position) {
        return ring + index(position) * LENGTH;
    }

    /** Offset of its payload: in the record's own line if it fits there, else in the record's buffer. */
    int payloadAt(final long position, final int length) {
        return length <= Protocol.INLINE_CAPACITY ? at(position) + PAYLOAD : bufferAt(position);
    }

    /** Offset of the record's payload buffer. */
    int bufferAt(final long position) {
        return payloads + index(position) * payloadCapacity;
    }

    private int index(final long position) {
        return (int)position & (capacity - 1);
    }

    /** Makes every record one that is not there yet (rule R23). */
    void clear(final AtomicBuffer channel) {
        for (int i = 0; i < capacity; i++) {
            channel.putLongRelease(ring + i * LENGTH + COMMIT, 0);
        }
    }
}
