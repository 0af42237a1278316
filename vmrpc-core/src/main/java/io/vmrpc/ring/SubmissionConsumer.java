package io.vmrpc.ring;

import static io.vmrpc.layout.SubmissionDescriptor.*;

import io.vmrpc.error.ProtocolViolation;
import io.vmrpc.error.ProtocolViolation.Rule;
import io.vmrpc.layout.ChannelDescriptor;
import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.Protocol;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;

/**
 * The agent's end of the submission ring. Reads each field of a record once, checks the copy and uses only that: what the guest
 * does to the record meanwhile changes nothing. What only the kernel shall read is not copied. Not thread-safe.
 */
public final class SubmissionConsumer {
    private static final int BOTH_FLAGS = Protocol.SUBMIT_SUBSCRIBE | Protocol.SUBMIT_ONE_WAY;
    private final AtomicBuffer channel;
    private final MutableDirectBuffer copy;
    private final int headLength;
    private final Records records;
    private long head;
    /** Of the payload at hand: where it stands, how long it is, how much of it is in the copy. */
    private int payloadAt;
    private int payloadLength;
    private int copied;

    /**
     * Starts at position 0; whole payloads are copied before they are handed over.
     *
     * @param channel the channel's memory.
     * @param geometry the agent's own copy.
     * @param copy private buffer of at least the payload capacity; may be shared by all consumers of a thread.
     */
    public SubmissionConsumer(final AtomicBuffer channel, final Geometry geometry, final MutableDirectBuffer copy) {
        this(channel, geometry, copy, geometry.payloadCapacity());
    }

    /**
     * Starts at position 0.
     *
     * @param channel the channel's memory.
     * @param geometry the agent's own copy.
     * @param copy private buffer of at least the payload capacity; may be shared by all consumers of a thread.
     * @param headLength bytes of a payload that are copied before it is handed over; the handler calls {@link #copyRest} if it wants more.
     */
    public SubmissionConsumer(final AtomicBuffer channel, final Geometry geometry, final MutableDirectBuffer copy, final int headLength) {
        this.channel = channel;
        this.copy = copy;
        this.headLength = headLength;
        records = Records.submissions(geometry);
        channel.putLongRelease(ChannelDescriptor.SUBMISSION_HEAD, 0);
    }

    /**
     * Whether a submission waits.
     *
     * @return true if {@link #poll} would find one.
     */
    public boolean isEmpty() {
        return channel.getLongAcquire(records.at(head) + COMMIT) != head + 1;
    }

    /**
     * Hands over what is there.
     *
     * @param handler called for each submission.
     * @param limit at most this many.
     * @return how many were handed over.
     * @throws ProtocolViolation if one breaks a rule; nothing more may be read then.
     */
    public int poll(final SubmissionHandler handler, final int limit) throws ProtocolViolation {
        int count = 0;
        while (count < limit) {
            final long position = head;
            final int record = records.at(position);
            if (channel.getLongAcquire(record + COMMIT) != position + 1) { // partner: the release in SubmissionProducer.offer
                break;
            }
            take(record, position, handler);
            head = position + 1;
            count++;
        }
        if (count > 0) {
            channel.putLongRelease(ChannelDescriptor.SUBMISSION_HEAD, head); // partner: the acquire in hasSpace
        }
        return count;
    }

    private void take(final int record, final long position, final SubmissionHandler handler) throws ProtocolViolation {
        final long correlation = channel.getLong(record + CORRELATION);
        final int operation = channel.getInt(record + OPERATION);
        final int flags = channel.getInt(record + FLAGS);
        final int length = channel.getInt(record + PAYLOAD_LENGTH);
        final int reserved = channel.getInt(record + RESERVED);
        final long deadlineNs = channel.getLong(record + DEADLINE_NS);
        check(flags, length, reserved);
        payloadAt = records.payloadAt(position, length);
        payloadLength = length;
        copied = 0;
        copyUpTo(Math.min(length, headLength));
        handler.onSubmission(correlation, operation, flags, deadlineNs, copy, length);
    }

    /** Completes the copy of the payload at hand; no byte is read twice. Call within the handler. */
    public void copyRest() {
        copyUpTo(payloadLength);
    }

    private void copyUpTo(final int end) {
        if (end > copied) {
            copy.putBytes(copied, channel, payloadAt + copied, end - copied);
            copied = end;
        }
    }

    /**
     * Where bytes of the payload at hand stand in memory that the guest can write to at any time: for a system call that reads them once, and thereby makes
     * the private copy. Valid within the handler.
     *
     * @param offset of the first byte in the payload.
     * @param length how many; they must be inside the payload.
     * @return address.
     */
    public long sharedAddress(final int offset, final int length) {
        if (offset < 0 || length < 0 || offset > payloadLength - length) {
            throw new IndexOutOfBoundsException("offset=" + offset + " length=" + length + " are not inside the payload of " + payloadLength + " bytes");
        }
        return channel.addressOffset() + payloadAt + offset;
    }

    private void check(final int flags, final int length, final int reserved) throws ProtocolViolation {
        if (length < 0 || length > records.payloadCapacity()) {
            throw new ProtocolViolation(Rule.LENGTH, "length=" + Integer.toUnsignedString(length) + " limit=" + records.payloadCapacity());
        }
        if ((flags & ~BOTH_FLAGS) != 0 || flags == BOTH_FLAGS) {
            throw new ProtocolViolation(Rule.FLAGS, "flags=0x" + Integer.toHexString(flags));
        }
        if (reserved != 0) {
            throw new ProtocolViolation(Rule.RESERVED, "reserved=0x" + Integer.toHexString(reserved));
        }
    }
}
