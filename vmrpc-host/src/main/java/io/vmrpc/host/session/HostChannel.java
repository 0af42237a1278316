package io.vmrpc.host.session;

import io.vmrpc.error.ProtocolViolation;
import io.vmrpc.error.ProtocolViolation.Rule;
import io.vmrpc.error.Status;
import io.vmrpc.host.service.End;
import io.vmrpc.host.service.Request;
import io.vmrpc.layout.Protocol;
import io.vmrpc.region.Region;
import io.vmrpc.ring.CompletionProducer;
import io.vmrpc.ring.SubmissionConsumer;
import io.vmrpc.ring.SubmissionHandler;
import java.util.ArrayDeque;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An open channel: reads submissions, writes completions, and holds back final completions that do not fit (rule R21).
 *
 * <p>Memory is bounded by the quota of outstanding requests, because a submission is read only if its completion can be written or held:
 * <pre>
 *   outstanding &lt; quota              read; the completion may be held
 *   outstanding = quota, ring space  read one; it is refused with RESOURCE_EXHAUSTED
 *   outstanding = quota, ring full   stalled: nothing is read until the guest makes space
 * </pre>
 */
final class HostChannel implements SubmissionHandler {
    final Session session;
    final int number;
    private final int slot;
    private final int payloadCapacity;
    private final Quotas quotas;
    private final RegionCounters counters;
    private final SubmissionConsumer submissions;
    private final CompletionProducer completions;
    private final OutstandingRequests outstanding;
    private final ArrayDeque<OutstandingRequest> held = new ArrayDeque<>();
    private final ArrayDeque<OutstandingRequest> waitingForSpace = new ArrayDeque<>();
    private final UnsafeBuffer space = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer heldPayload = new UnsafeBuffer(0, 0);
    private final DirectBuffer exhausted;
    private boolean isBlocked;

    HostChannel(final Session session, final Region region, final int index, final int slot) {
        this.session = session;
        number = index;
        this.slot = slot;
        payloadCapacity = region.geometry().payloadCapacity();
        quotas = session.context().quotas();
        counters = session.counters();
        submissions = new SubmissionConsumer(region.channel(index), region.geometry(), session.context().copy(), Request.HEAD_LENGTH);
        completions = new CompletionProducer(region.channel(index), region.geometry());
        outstanding = new OutstandingRequests(this);
        exhausted = text(quotas.outstanding() + " requests are outstanding on this channel: wait for completions, or raise the quota");
    }

    int payloadCapacity() {
        return payloadCapacity;
    }

    int slot() {
        return slot;
    }

    /** Writes what was held back, then takes new submissions, at most a turn's quota. */
    int turn() throws ProtocolViolation {
        int work = 0;
        if (isBlocked) {
            work = flush() + tellOfSpace();
        }
        final int limit = Math.min(room(), quotas.submissionsPerTurn());
        if (limit > 0) {
            work += submissions.poll(this, limit);
        }
        block(limit == 0 || !held.isEmpty() || !waitingForSpace.isEmpty());
        return work;
    }

    /** Step S3: whether a turn would find something to do. */
    boolean hasWork() {
        try {
            return isBlocked && completions.hasSpace() || !submissions.isEmpty() && room() > 0;
        } catch (final ProtocolViolation e) {
            return true; // the turn will meet it again and end the session
        }
    }

    private int room() throws ProtocolViolation {
        final int room = quotas.outstanding() - outstanding.count();
        return room > 0 ? room : held.isEmpty() && completions.hasSpace() ? 1 : 0;
    }

    private void block(final boolean blocks) {
        if (blocks != isBlocked) {
            isBlocked = blocks;
            completions.blocked(blocks); // R22: the fence between this and the look at the head is S2
        }
    }

    @Override
    public void onSubmission(final long correlation, final int operation, final int flags, final long deadlineNs,
        final DirectBuffer payload, final int length) throws ProtocolViolation {
        counters.requests().increment();
        final boolean isOneWay = (flags & Protocol.SUBMIT_ONE_WAY) != 0;
        if (!isOneWay && outstanding.named(correlation) != null) {
            throw new ProtocolViolation(Rule.CORRELATION, "correlation=" + correlation + " names a request still outstanding");
        }
        if (operation >>> 16 == Protocol.SERVICE_SESSION) {
            submissions.copyRest();
            session.control().onRequest(this, correlation, operation & 0xffff, isOneWay, payload, length);
        } else if (outstanding.count() >= quotas.outstanding()) {
            counters.exhausted().increment();
            answer(isOneWay, correlation, Status.RESOURCE_EXHAUSTED, exhausted);
        } else if (session.isPast(deadlineNs)) {
            answer(isOneWay, correlation, Status.DEADLINE_EXCEEDED, null);
        } else {
            session.dispatch().onRequest(this, correlation, operation, flags, deadlineNs, payload, length);
        }
        session.throwIfBroken();
    }

    /** Of the submission at hand. */
    void copyRest() {
        submissions.copyRest();
    }

    long sharedAddress(final int offset, final int length) {
        return submissions.sharedAddress(offset, length);
    }

    void answer(final boolean isOneWay, final long correlation, final Status status, final DirectBuffer payload) {
        if (!isOneWay) {
            completeNow(correlation, status.code(), 0, payload, 0, payload == null ? 0 : payload.capacity());
        }
    }

    OutstandingRequest withhold(final long correlation, final boolean isOneWay, final long deadlineNs) {
        final OutstandingRequest request = outstanding.take(correlation, isOneWay);
        if (session.keeps(deadlineNs)) {
            request.deadlineNs = deadlineNs;
            session.context().deadlines().add(request);
        }
        return request;
    }

    /** Whether a service's answer can be sent at all: its mistakes are its own, not the guest's. */
    void checkAnswer(final int length) {
        session.checkThread();
        if (length < 0 || length > payloadCapacity) {
            throw new IllegalArgumentException("length=" + length + " must be 0 to the payload capacity of " + payloadCapacity +
                " bytes: send it in parts, or make the region with a larger one");
        }
    }

    DirectBuffer text(final CharSequence text) {
        return Texts.encode(text, payloadCapacity);
    }

    /** Completes a request that has no record. */
    void completeNow(final long correlation, final int status, final int detail, final DirectBuffer buffer, final int offset,
        final int length) {
        if (session.isOpen() && !write(correlation, status, detail, 0, buffer, offset, length)) {
            hold(outstanding.take(correlation, false), status, detail, buffer, offset, length);
        }
    }

    /** Completes a request that has a record, whose handles are stale already. */
    void complete(final OutstandingRequest request, final int status, final int detail, final DirectBuffer buffer, final int offset,
        final int length) {
        session.context().deadlines().remove(request);
        if (request.isOneWay || !session.isOpen() ||
            write(request.correlation, status, detail, request.lost, buffer, offset, length)) {
            outstanding.release(request);
        } else {
            hold(request, status, detail, buffer, offset, length);
        }
    }

    boolean event(final OutstandingRequest request, final DirectBuffer buffer, final int offset, final int length) {
        if (!session.isOpen()) {
            return false;
        }
        try {
            flush();
            if (held.isEmpty() && completions.offer(request.correlation, Status.OK.code(), Protocol.COMPLETE_MORE, 0, request.lost,
                buffer, offset, length)) {
                counters.events().increment();
                session.signals().mark(slot);
                return true;
            }
        } catch (final ProtocolViolation e) {
            session.violate(e);
        }
        request.lost++;
        counters.eventsLost().increment();
        return false;
    }

    /** The payload buffer of the next completion, or null if there is none. */
    MutableDirectBuffer claim() {
        if (!session.isOpen()) {
            return null;
        }
        try {
            flush();
            return held.isEmpty() && completions.claim(space) ? space : null;
        } catch (final ProtocolViolation e) {
            session.violate(e);
            return null;
        }
    }

    void publish(final OutstandingRequest request, final int length) {
        completions.publish(request.correlation, Protocol.COMPLETE_MORE, request.lost, length);
        counters.events().increment();
        session.signals().mark(slot);
    }

    void replyClaimed(final long correlation, final int length) {
        completions.publish(correlation, 0, 0, length);
        counters.completions().increment();
        session.signals().mark(slot);
    }

    /** The guest will ring when it has made space, because {@code completion_blocked} is 1 from here on (rule R22). */
    void awaitSpace(final OutstandingRequest request, final Runnable listener) {
        request.spaceListener = listener;
        waitingForSpace.add(request);
        block(true);
    }

    private int tellOfSpace() throws ProtocolViolation {
        int count = 0;
        for (int waiting = waitingForSpace.size(); waiting > 0 && held.isEmpty() && completions.hasSpace(); waiting--) {
            final OutstandingRequest request = waitingForSpace.remove();
            final Runnable listener = request.spaceListener;
            if (listener != null) {
                request.spaceListener = null;
                listener.run();
                count++;
            }
        }
        return count;
    }

    private boolean write(final long correlation, final int status, final int detail, final long lost, final DirectBuffer buffer,
        final int offset, final int length) {
        try {
            flush();
            if (!held.isEmpty() || !completions.offer(correlation, status, 0, detail, lost, buffer, offset, length)) {
                return false;
            }
        } catch (final ProtocolViolation e) {
            session.violate(e);
            return true; // to nobody: the session is over
        }
        counters.completions().increment();
        session.signals().mark(slot);
        return true;
    }

    private void hold(final OutstandingRequest request, final int status, final int detail, final DirectBuffer buffer, final int offset,
        final int length) {
        request.isHeld = true;
        request.status = status;
        request.detail = detail;
        if (!session.reserve(length)) {
            request.status = Status.RESOURCE_EXHAUSTED.code();
        } else if (length > 0) {
            request.payload = new byte[length]; // only for a guest that does not take its completions
            buffer.getBytes(offset, request.payload);
        }
        held.add(request);
        counters.heldBack().increment();
        block(true);
    }

    private int flush() throws ProtocolViolation {
        int count = 0;
        for (OutstandingRequest request = held.peek(); request != null; request = held.peek()) {
            final int length = request.payload == null ? 0 : request.payload.length;
            if (length > 0) {
                heldPayload.wrap(request.payload);
            }
            if (!completions.offer(request.correlation, request.status, 0, request.detail, request.lost, heldPayload, 0, length)) {
                break;
            }
            held.poll();
            session.reserve(-length);
            outstanding.release(request);
            counters.completions().increment();
            session.signals().mark(slot);
            count++;
        }
        return count;
    }

    /** CANCEL: a request that has ended meanwhile is none of its business. */
    void cancel(final long correlation) {
        final OutstandingRequest request = outstanding.named(correlation);
        if (request != null && !request.isHeld) {
            request.end(End.CANCELLED, Status.CANCELLED);
        }
    }

    /** CLOSE_CHANNEL: what is outstanding is cancelled, what is held back is dropped. */
    void close() {
        dropHeld();
        while (outstanding.count() > 0) {
            outstanding.last().end(End.CANCELLED, Status.CANCELLED);
            dropHeld();
        }
        block(false);
    }

    /** The session is gone: nothing more is written. */
    void abandon() {
        dropHeld();
        while (outstanding.count() > 0) {
            final OutstandingRequest request = outstanding.last();
            session.context().deadlines().remove(request);
            outstanding.release(request);
            request.abandon();
        }
    }

    private void dropHeld() {
        for (OutstandingRequest request = held.poll(); request != null; request = held.poll()) {
            session.reserve(request.payload == null ? 0 : -request.payload.length);
            outstanding.release(request);
        }
    }
}
