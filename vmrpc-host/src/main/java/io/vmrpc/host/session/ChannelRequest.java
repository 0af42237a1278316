package io.vmrpc.host.session;

import io.vmrpc.error.Status;
import io.vmrpc.host.service.Outstanding;
import io.vmrpc.host.service.Request;
import io.vmrpc.host.service.SessionInfo;
import io.vmrpc.layout.Protocol;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The flyweight over the submission at hand. */
final class ChannelRequest extends Request {
    private final UnsafeBuffer number = new UnsafeBuffer(new byte[Long.BYTES]);
    private HostChannel channel;
    private long correlation;
    private int operation;
    private int flags;
    private long deadlineNs;
    private DirectBuffer payload;
    private int length;
    private boolean isAnswered;
    private OutstandingRequest outstanding;

    void wrap(final HostChannel newChannel, final long newCorrelation, final int newOperation, final int newFlags,
        final long newDeadlineNs, final DirectBuffer newPayload, final int newLength) {
        channel = newChannel;
        correlation = newCorrelation;
        operation = newOperation;
        flags = newFlags;
        deadlineNs = newDeadlineNs;
        payload = newPayload;
        length = newLength;
        isAnswered = false;
        outstanding = null;
    }

    /** Ends the callback. */
    void release() {
        channel = null;
        outstanding = null;
    }

    boolean isAnswered() {
        return isAnswered;
    }

    /** The record if the request was withheld. */
    OutstandingRequest outstanding() {
        return outstanding;
    }

    private HostChannel source() {
        if (channel == null) {
            throw new IllegalStateException("a request is valid only until onRequest returns: withhold it");
        }
        return channel;
    }

    private HostChannel answering() {
        final HostChannel answered = source();
        if (isAnswered) {
            throw new IllegalStateException("the request has been answered already: a request gets one reply");
        }
        return answered;
    }

    @Override
    public int method() {
        source();
        return operation & 0xffff;
    }

    @Override
    public DirectBuffer payload() {
        source().copyRest();
        return payload;
    }

    @Override
    public DirectBuffer head() {
        source();
        return payload;
    }

    @Override
    public long sharedAddress(final int index, final int bytes) {
        return source().sharedAddress(index, bytes);
    }

    @Override
    public int offset() {
        return 0;
    }

    @Override
    public int length() {
        source();
        return length;
    }

    @Override
    public int payloadCapacity() {
        return source().payloadCapacity();
    }

    @Override
    public long deadlineNs() {
        source();
        return deadlineNs;
    }

    @Override
    public boolean isSubscription() {
        source();
        return (flags & Protocol.SUBMIT_SUBSCRIBE) != 0;
    }

    @Override
    public boolean isOneWay() {
        source();
        return (flags & Protocol.SUBMIT_ONE_WAY) != 0;
    }

    @Override
    public int channel() {
        return source().number;
    }

    @Override
    public SessionInfo session() {
        return source().session.info();
    }

    @Override
    public void reply(final DirectBuffer buffer, final int offset, final int bytes) {
        answer(Status.OK, 0, buffer, offset, bytes);
    }

    @Override
    public void reply() {
        answer(Status.OK, 0, null, 0, 0);
    }

    @Override
    public void replyLong(final long value) {
        number.putLong(0, value, ByteOrder.LITTLE_ENDIAN);
        answer(Status.OK, 0, number, 0, Long.BYTES);
    }

    @Override
    public MutableDirectBuffer claim() {
        final HostChannel claimed = answering();
        return isOneWay() ? null : claimed.claim();
    }

    @Override
    public void replyClaimed(final int bytes) {
        final HostChannel answered = answering();
        answered.checkAnswer(bytes);
        isAnswered = true;
        answered.replyClaimed(correlation, bytes);
    }

    @Override
    public void fail(final Status status, final int detail, final CharSequence text) {
        final DirectBuffer bytes = source().text(text);
        answer(status, detail, bytes, 0, bytes.capacity());
    }

    private void answer(final Status status, final int detail, final DirectBuffer buffer, final int offset, final int bytes) {
        final HostChannel answered = answering();
        answered.checkAnswer(bytes);
        isAnswered = true;
        if (!isOneWay()) {
            answered.completeNow(correlation, status.code(), detail, buffer, offset, bytes);
        }
    }

    @Override
    protected Outstanding outstand() {
        final HostChannel keeping = answering();
        isAnswered = true;
        outstanding = keeping.withhold(correlation, isOneWay(), deadlineNs);
        return outstanding;
    }
}
