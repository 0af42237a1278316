package io.vmrpc.jcstress;

import io.vmrpc.error.ProtocolViolation;
import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.SlotDescriptor;
import io.vmrpc.park.EventCounter;
import io.vmrpc.park.Parker;
import io.vmrpc.ring.CompletionConsumer;
import io.vmrpc.ring.CompletionProducer;
import io.vmrpc.ring.SubmissionConsumer;
import io.vmrpc.ring.SubmissionProducer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The memory of one channel with rings of two records, and of one slot: on the heap, because jcstress makes millions of them.
 * Orders and fences are the same there.
 */
class SmallRegion {
    static final Geometry GEOMETRY = new Geometry(1, 1, 2, 64);
    private static final int CHANNEL_LENGTH = GEOMETRY.completionPayload() + GEOMETRY.ringCapacity() * GEOMETRY.payloadCapacity();
    static final UnsafeBuffer NOTHING = new UnsafeBuffer(new byte[0]);

    final UnsafeBuffer slot = new UnsafeBuffer(new byte[SlotDescriptor.LENGTH]);
    final UnsafeBuffer channel = new UnsafeBuffer(new byte[CHANNEL_LENGTH]);

    Parker parker() {
        return new Parker(slot, 0, 0);
    }

    EventCounter eventCounter() {
        return new EventCounter(slot);
    }

    CompletionProducer completionProducer() {
        return new CompletionProducer(channel, GEOMETRY);
    }

    CompletionConsumer completionConsumer() {
        return new CompletionConsumer(channel, GEOMETRY);
    }

    SubmissionProducer submissionProducer() {
        return new SubmissionProducer(channel, GEOMETRY);
    }

    SubmissionConsumer submissionConsumer() {
        return new SubmissionConsumer(channel, GEOMETRY, new UnsafeBuffer(new byte[GEOMETRY.payloadCapacity()]));
    }

    /** A step that may find its peer breaking the protocol: that must not happen here, and jcstress wants no checked exceptions. */
    interface Step<T> {
        T take() throws ProtocolViolation;
    }

    static <T> T sound(final Step<T> step) {
        try {
            return step.take();
        } catch (final ProtocolViolation e) {
            throw new AssertionError(e);
        }
    }

    static void complete(final CompletionProducer producer, final long correlation) {
        sound(() -> producer.offer(correlation, 0, 0, 0, 0, NOTHING, 0, 0));
    }
}
