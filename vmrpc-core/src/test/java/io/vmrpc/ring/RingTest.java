package io.vmrpc.ring;

import static org.junit.jupiter.api.Assertions.*;

import io.vmrpc.error.ProtocolViolation;
import io.vmrpc.error.SessionEndedException;
import io.vmrpc.layout.ChannelDescriptor;
import io.vmrpc.layout.CompletionDescriptor;
import io.vmrpc.layout.Protocol;
import io.vmrpc.layout.SubmissionDescriptor;
import io.vmrpc.ring.RingPair.Message;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Cases of the rings that deserve a name. */
class RingTest {
    private final RingPair rings = new RingPair(4, 128);

    @Test
    void anOldCommitWordIsNotTakenForANewRecord() throws ProtocolViolation {
        for (int i = 0; i < 9; i++) {
            assertTrue(rings.submit(new Message(i, i, new byte[0])));
            assertEquals(1, rings.takeSubmissions(4).size());
            assertTrue(rings.submitted.isEmpty());
        }
    }

    @Test
    void theRestOfALongPayloadIsCopiedWhenAskedForAndTheHeadStays() throws ProtocolViolation {
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[128]);
        final SubmissionConsumer consumer = new SubmissionConsumer(rings.channel, rings.geometry, copy, 16);
        rings.submit(new Message(1, 2, new byte[100]));
        copy.setMemory(0, 128, (byte)7);
        consumer.poll((correlation, operation, flags, deadlineNs, payload, length) -> {
            assertEquals(0, payload.getByte(15));
            assertEquals(7, payload.getByte(16));
            rings.channel.setMemory(rings.geometry.submissionPayload(), 128, (byte)9); // the guest, meanwhile
            consumer.copyRest();
            assertEquals(0, payload.getByte(15)); // read once
            assertEquals(9, payload.getByte(16));
            assertEquals(9, payload.getByte(99));
            assertEquals(7, payload.getByte(100));
            consumer.copyRest();
            assertEquals(rings.channel.addressOffset() + rings.geometry.submissionPayload() + 90, consumer.sharedAddress(90, 10));
            assertThrows(IndexOutOfBoundsException.class, () -> consumer.sharedAddress(90, 11));
            assertThrows(IndexOutOfBoundsException.class, () -> consumer.sharedAddress(-1, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> consumer.sharedAddress(0, -1));
            assertThrows(IndexOutOfBoundsException.class, () -> consumer.sharedAddress(Integer.MAX_VALUE, 1));
        }, 1);
    }

    @Test
    void whatTheGuestChangesAfterTheCopyChangesNothing() throws ProtocolViolation {
        rings.submit(new Message(1, 2, new byte[100]));
        rings.submitted.poll((correlation, operation, flags, deadlineNs, payload, length) -> {
            rings.channel.setMemory(rings.geometry.submissionRing(), SubmissionDescriptor.LENGTH, (byte)0xff);
            rings.channel.setMemory(rings.geometry.submissionPayload(), 128, (byte)0xff);
            assertEquals(100, length);
            assertEquals(0, payload.getByte(99));
        }, 1);
        assertEquals(1, rings.channel.getLong(ChannelDescriptor.SUBMISSION_HEAD));
    }

    @Test
    void theGuestRefusesACompletionLongerThanARecord() throws ProtocolViolation {
        rings.complete(new Message(1, 2, new byte[3]));
        rings.channel.putInt(rings.geometry.completionRing() + CompletionDescriptor.PAYLOAD_LENGTH, 129);
        assertThrows(SessionEndedException.class, () -> rings.takeCompletions(1));
    }

    @Test
    void payloadsLongerThanARecordAreRefused() {
        final Message message = new Message(1, 2, new byte[129]);
        assertThrows(IllegalArgumentException.class, () -> rings.submit(message));
        assertThrows(IllegalArgumentException.class, () -> rings.complete(message));
    }

    @Test
    void aHandlerThatThrowsDoesNotSeeTheSameCompletionAgain() throws ProtocolViolation {
        rings.complete(new Message(1, 1, new byte[0]));
        rings.complete(new Message(2, 2, new byte[0]));
        assertThrows(IllegalStateException.class, () -> rings.completed.poll((correlation, status, flags, detail, lost, payload, offset, length) -> {
            throw new IllegalStateException("as asked");
        }, 4));
        assertEquals(List.of(new Message(2, 2, new byte[0])), rings.takeCompletions(4));
    }

    @Test
    void allFieldsTravel() throws ProtocolViolation {
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[]{9, 8, 7});
        rings.submit.offer(-5, Protocol.operation(0xffff, 0xfffe), Protocol.SUBMIT_SUBSCRIBE, 1234567890123L, payload, 1, 2);
        rings.submitted.poll((correlation, operation, flags, deadlineNs, copy, length) -> {
            assertEquals(-5, correlation);
            assertEquals(0xffff_fffe, operation);
            assertEquals(Protocol.SUBMIT_SUBSCRIBE, flags);
            assertEquals(1234567890123L, deadlineNs);
            assertEquals(2, length);
            assertEquals(8, copy.getByte(0));
        }, 1);
        rings.complete.offer(-6, 13, Protocol.COMPLETE_MORE, -7, Long.MAX_VALUE, payload, 2, 1);
        assertEquals(1, rings.completed.poll((correlation, status, flags, detail, lost, bytes, offset, length) -> {
            assertEquals(-6, correlation);
            assertEquals(13, status);
            assertEquals(Protocol.COMPLETE_MORE, flags);
            assertEquals(-7, detail);
            assertEquals(Long.MAX_VALUE, lost);
            assertEquals(1, length);
            assertEquals(7, bytes.getByte(offset));
        }, 1));
    }

    @Test
    void blockedIsSeenByTheGuest() {
        assertFalse(rings.completed.isAgentBlocked());
        rings.complete.blocked(true);
        assertTrue(rings.completed.isAgentBlocked());
    }
}
