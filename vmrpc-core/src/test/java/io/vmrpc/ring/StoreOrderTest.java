package io.vmrpc.ring;

import static org.junit.jupiter.api.Assertions.*;

import io.vmrpc.error.ProtocolViolation;
import io.vmrpc.layout.ChannelDescriptor;
import io.vmrpc.layout.Geometry;
import io.vmrpc.ring.RingPair.Message;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule R18: the commit, or the head, is the last store and the only one with release. */
class StoreOrderTest {
    private static final Geometry GEOMETRY = new Geometry(1, 1, 2, 64);
    private final List<String> stores = new ArrayList<>();
    private RingPair rings;

    /** Writes down the stores that the rings make. */
    private final class Recorder extends UnsafeBuffer {
        Recorder(final UnsafeBuffer memory) {
            super(memory);
        }

        @Override
        public void putInt(final int index, final int value) {
            stores.add("plain " + index);
            super.putInt(index, value);
        }

        @Override
        public void putLong(final int index, final long value) {
            stores.add("plain " + index);
            super.putLong(index, value);
        }

        @Override
        public void putBytes(final int index, final DirectBuffer source, final int from, final int length) {
            stores.add("plain " + index);
            super.putBytes(index, source, from, length);
        }

        @Override
        public void putLongRelease(final int index, final long value) {
            stores.add("release " + index);
            super.putLongRelease(index, value);
        }
    }

    @BeforeEach
    void open() {
        rings = new RingPair(GEOMETRY, new Recorder(RingPair.memory(GEOMETRY)));
        stores.clear();
    }

    private void assertReleasedLast(final int index) {
        assertEquals("release " + index, stores.get(stores.size() - 1));
        assertEquals(1, stores.stream().filter(store -> store.startsWith("release")).count(), stores::toString);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 24, 25, 64})
    void producersCommitLast(final int length) throws ProtocolViolation {
        final Message message = new Message(1, 2, new byte[length]);
        assertTrue(rings.submit(message));
        assertReleasedLast(GEOMETRY.submissionRing());
        stores.clear();
        assertTrue(rings.complete(message));
        assertReleasedLast(GEOMETRY.completionRing());
    }

    @Test
    void consumersMoveTheirHeadOnceForABatch() throws ProtocolViolation {
        final Message message = new Message(1, 2, new byte[3]);
        rings.submit(message);
        rings.submit(message);
        rings.complete(message);
        rings.complete(message);
        stores.clear();
        rings.takeSubmissions(2);
        assertEquals(List.of("release " + ChannelDescriptor.SUBMISSION_HEAD), stores);
        stores.clear();
        rings.takeCompletions(2);
        assertEquals(List.of("release " + ChannelDescriptor.COMPLETION_HEAD), stores);
        stores.clear();
        rings.takeSubmissions(2);
        rings.takeCompletions(2);
        assertEquals(List.of(), stores, "an empty poll writes nothing");
    }

    @Test
    void aFullRingIsNotWritten() throws ProtocolViolation {
        final Message message = new Message(1, 2, new byte[64]);
        assertTrue(rings.submit(message) && rings.submit(message) && rings.complete(message) && rings.complete(message));
        stores.clear();
        assertFalse(rings.submit(message));
        assertFalse(rings.complete(message));
        assertEquals(List.of(), stores);
    }
}
