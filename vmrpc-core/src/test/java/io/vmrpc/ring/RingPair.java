package io.vmrpc.ring;

import io.vmrpc.error.ProtocolViolation;
import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.Protocol;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Both ends of both rings of one channel, in private memory. */
final class RingPair {
    /** A message of either ring. */
    record Message(long correlation, int number, byte[] payload) {
        @Override
        public boolean equals(final Object other) {
            return other instanceof Message message && message.correlation == correlation && message.number == number &&
                java.util.Arrays.equals(message.payload, payload);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(correlation);
        }
    }

    final Geometry geometry;
    final AtomicBuffer channel;
    final SubmissionProducer submit;
    final SubmissionConsumer submitted;
    final CompletionProducer complete;
    final CompletionConsumer completed;

    RingPair(final int capacity, final int payload) {
        this(new Geometry(1, 1, capacity, payload), null);
    }

    RingPair(final Geometry geometry, final AtomicBuffer memory) {
        this.geometry = geometry;
        channel = memory != null ? memory : memory(geometry);
        submit = new SubmissionProducer(channel, geometry);
        submitted = new SubmissionConsumer(channel, geometry, new UnsafeBuffer(new byte[geometry.payloadCapacity()]));
        complete = new CompletionProducer(channel, geometry);
        completed = new CompletionConsumer(channel, geometry);
    }

    static UnsafeBuffer memory(final Geometry geometry) {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(geometry.channelStride() + 64));
    }

    boolean submit(final Message message) {
        return submit.offer(message.correlation, message.number, 0, Protocol.NO_DEADLINE, new UnsafeBuffer(message.payload), 0,
            message.payload.length);
    }

    List<Message> takeSubmissions(final int limit) throws ProtocolViolation {
        final List<Message> taken = new ArrayList<>();
        submitted.poll((correlation, operation, flags, deadlineNs, payload, length) -> {
            final byte[] bytes = new byte[length];
            payload.getBytes(0, bytes);
            taken.add(new Message(correlation, operation, bytes));
        }, limit);
        return taken;
    }

    boolean complete(final Message message) throws ProtocolViolation {
        return complete.offer(message.correlation, 0, 0, message.number, 0, new UnsafeBuffer(message.payload), 0,
            message.payload.length);
    }

    List<Message> takeCompletions(final int limit) {
        final List<Message> taken = new ArrayList<>();
        completed.poll((correlation, status, flags, detail, lost, payload, offset, length) -> {
            final byte[] bytes = new byte[length];
            payload.getBytes(offset, bytes);
            taken.add(new Message(correlation, detail, bytes));
        }, limit);
        return taken;
    }
}
