package io.vmrpc.ring;

import static org.junit.jupiter.api.Assertions.*;

import io.vmrpc.error.ProtocolViolation;
import io.vmrpc.layout.ChannelDescriptor;
import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.Protocol;
import io.vmrpc.layout.SubmissionDescriptor;
import io.vmrpc.ring.RingPair.Message;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The rings against their model, a queue of the ring's capacity; and against memory that a hostile guest has written. */
class RingProperties {
    private static final int PAYLOAD = 128;

    private static Message message(final Random random, final int number) {
        final byte[] payload = new byte[random.nextInt(4) == 0 ? random.nextInt(PAYLOAD + 1) : random.nextInt(30)];
        random.nextBytes(payload);
        return new Message(random.nextLong(), number, payload);
    }

    /** Positive steps offer so many messages, negative ones take so many. */
    @Property(tries = 300)
    void submissionsAreAQueue(@ForAll @IntRange(min = 1, max = 5) final int log2, @ForAll @Size(max = 60)
        final List<@IntRange(min = -40, max = 40) Integer> steps, @ForAll final long seed) throws ProtocolViolation {
        final RingPair rings = new RingPair(1 << log2, PAYLOAD);
        final Random random = new Random(seed);
        final Deque<Message> model = new ArrayDeque<>();
        int number = 0;
        for (final int step : steps) {
            for (int i = 0; i < step; i++) {
                final Message message = message(random, number++);
                final boolean fits = model.size() < 1 << log2;
                assertEquals(fits, rings.submit.hasSpace());
                assertEquals(fits, rings.submit(message));
                if (fits) {
                    model.add(message);
                }
            }
            assertEquals(model.isEmpty(), rings.submitted.isEmpty());
            for (final Message taken : rings.takeSubmissions(Math.max(0, -step))) {
                assertEquals(model.remove(), taken);
            }
        }
        for (final Message taken : rings.takeSubmissions(Integer.MAX_VALUE)) {
            assertEquals(model.remove(), taken);
        }
        assertTrue(model.isEmpty());
    }

    @Property(tries = 300)
    void completionsAreAQueue(@ForAll @IntRange(min = 1, max = 5) final int log2, @ForAll @Size(max = 60)
        final List<@IntRange(min = -40, max = 40) Integer> steps, @ForAll final long seed) throws ProtocolViolation {
        final RingPair rings = new RingPair(1 << log2, PAYLOAD);
        final Random random = new Random(seed);
        final Deque<Message> model = new ArrayDeque<>();
        int number = 0;
        for (final int step : steps) {
            for (int i = 0; i < step; i++) {
                final Message message = message(random, number++);
                final boolean fits = model.size() < 1 << log2;
                assertEquals(fits, rings.complete.hasSpace());
                assertEquals(fits, rings.complete(message));
                if (fits) {
                    model.add(message);
                }
            }
            assertEquals(model.isEmpty(), rings.completed.isEmpty());
            for (final Message taken : rings.takeCompletions(Math.max(0, -step))) {
                assertEquals(model.remove(), taken);
            }
        }
        for (final Message taken : rings.takeCompletions(Integer.MAX_VALUE)) {
            assertEquals(model.remove(), taken);
        }
        assertTrue(model.isEmpty());
    }

    /** Whatever stands in a record: the agent takes it within bounds, or names the rule that it breaks. */
    @Property(tries = 1000)
    void aRecordOfRandomBytesIsTakenWithinBoundsOrRefused(@ForAll @Size(64) final byte[] record, @ForAll final boolean plausible) {
        final RingPair rings = new RingPair(2, PAYLOAD);
        final int ring = rings.geometry.submissionRing();
        rings.channel.putBytes(ring, record);
        rings.channel.putLong(ring + SubmissionDescriptor.COMMIT, 1);
        if (plausible) {
            rings.channel.putInt(ring + SubmissionDescriptor.RESERVED, 0);
            rings.channel.putInt(ring + SubmissionDescriptor.FLAGS, record[0] & 3);
        }
        final int length = rings.channel.getInt(ring + SubmissionDescriptor.PAYLOAD_LENGTH);
        try {
            for (final Message taken : rings.takeSubmissions(2)) {
                assertEquals(length, taken.payload().length);
                assertTrue(length >= 0 && length <= PAYLOAD);
            }
        } catch (final ProtocolViolation e) {
            assertTrue(e.getMessage().startsWith(e.rule() + ": "), e::getMessage);
        }
    }

    /** Whatever stands in completion_head: the agent writes only where it may, or names the rule. */
    @Property(tries = 1000)
    void aRandomHeadIsRefused(@ForAll final long head, @ForAll @IntRange(min = 0, max = 20) final int before)
        throws ProtocolViolation {
        final RingPair rings = new RingPair(new Geometry(1, 1, 4, PAYLOAD), null);
        int tail = 0;
        for (int i = 0; i < before; i++) {
            if (rings.complete(new Message(i, i, new byte[0]))) {
                tail++;
            }
        }
        rings.channel.putLong(ChannelDescriptor.COMPLETION_HEAD, head);
        try {
            for (int i = 0; i < 9; i++) {
                if (rings.complete(new Message(i, i, new byte[Protocol.INLINE_CAPACITY]))) {
                    tail++;
                }
            }
            assertTrue(head >= 0 && head <= tail && tail - head <= 4, "head=" + head + " tail=" + tail);
        } catch (final ProtocolViolation e) {
            assertTrue(head < 0 || head > tail - 4 || head == 0, "head=" + head + " tail=" + tail);
            assertEquals(ProtocolViolation.Rule.COMPLETION_HEAD, e.rule());
        }
    }
}
