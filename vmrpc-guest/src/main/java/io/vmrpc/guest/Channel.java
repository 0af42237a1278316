package io.vmrpc.guest;

import io.vmrpc.error.Status;
import io.vmrpc.error.StatusException;
import io.vmrpc.error.VmrpcException;
import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.Protocol;
import io.vmrpc.ring.CompletionConsumer;
import io.vmrpc.ring.CompletionHandler;
import io.vmrpc.ring.SubmissionProducer;
import java.lang.invoke.VarHandle;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Requests and their completions: the one engine under timers, sockets, files and stubs. Belongs to one thread. Any number of requests
 * up to {@link #capacity()} may be outstanding; completions come in any order. Nothing is allocated per request.
 */
public final class Channel implements AutoCloseable {
    /** {@link #submit} found no space: poll and try again. */
    public static final long FULL = -1;
    private static final DirectBuffer NOTHING = new UnsafeBuffer(new byte[0]);
    /** Polls without a completion between two looks at the session's health, when nothing parks. */
    private static final int HEALTH_CHECK_MASK = 0x3ff;

    private final Session session;
    private final int number;
    private final ChannelWait wait;
    private final HostTime hostTime;
    private final int capacity;
    private final int payloadCapacity;
    private final SubmissionProducer submissions;
    private final CompletionConsumer completions;
    private final Outstanding outstanding;
    private final CompletionHandler dispatch = this::dispatch;
    private final SyncCall sync = new SyncCall();
    private final Runnable onClose;
    private boolean unrung;
    /** Final completions still to come, also those of calls that gave up waiting. */
    private int owed;
    private boolean hasSubscribed;
    private int emptyPolls;
    private VmrpcException failure;

    /** Turns a deadline of this process into one of the host. */
    @FunctionalInterface
    interface HostTime {
        long toHost(long guestNs);
    }

    Channel(final Session session, final int number, final AtomicBuffer memory, final Geometry geometry, final Waiting waiting,
        final HostTime hostTime, final Supplier<WakeUp> wakeUps, final Runnable onClose) {
        this.session = session;
        this.number = number;
        this.hostTime = hostTime;
        this.onClose = onClose;
        capacity = geometry.ringCapacity();
        payloadCapacity = geometry.payloadCapacity();
        submissions = new SubmissionProducer(memory, geometry);
        completions = new CompletionConsumer(memory, geometry);
        outstanding = new Outstanding(capacity);
        wait = new ChannelWait(waiting, wakeUps, completions);
    }

    /**
     * The channel's number in the region.
     *
     * @return 0 to channelCount - 1.
     */
    public int number() {
        return number;
    }

    /**
     * How many requests can be outstanding.
     *
     * @return the ring's capacity.
     */
    public int capacity() {
        return capacity;
    }

    /**
     * How long the payload of a request or a completion can be.
     *
     * @return bytes.
     */
    public int payloadCapacity() {
        return payloadCapacity;
    }

    /**
     * Whether the submission ring has space. The agent makes some without a wake-up.
     *
     * @return false if {@link #send} would refuse a request now.
     */
    public boolean hasSpace() {
        return submissions.hasSpace();
    }

    /**
     * How many requests are outstanding.
     *
     * @return 0 to capacity.
     */
    public int outstanding() {
        return outstanding.size();
    }

    /**
     * Submits a request and returns at once. The agent may see it only after {@link #flush}, {@link #poll} or {@link #await}.
     *
     * @param operation service and method ({@link Protocol#operation}).
     * @param flags 0 or {@link Protocol#SUBMIT_SUBSCRIBE}.
     * @param deadlineNs {@link System#nanoTime()} by which the agent must complete it, or {@link Long#MAX_VALUE}.
     * @param payload bytes to send.
     * @param offset of the first.
     * @param length up to the region's payload capacity.
     * @param listener told of the completion.
     * @return the correlation id, or {@link #FULL}.
     * @throws VmrpcException if the session has ended.
     */
    public long submit(final int operation, final int flags, final long deadlineNs, final DirectBuffer payload, final int offset,
        final int length, final CompletionListener listener) {
        return submit(operation, flags, deadlineNs, NOTHING, 0, payload, offset, length, listener);
    }

    /**
     * Submits a request whose payload stands in two places.
     *
     * @param operation service and method ({@link Protocol#operation}).
     * @param flags 0 or {@link Protocol#SUBMIT_SUBSCRIBE}.
     * @param deadlineNs {@link System#nanoTime()} by which the agent must complete it, or {@link Long#MAX_VALUE}.
     * @param head the payload's first bytes, from 0.
     * @param headLength how many.
     * @param body the rest of the payload.
     * @param offset of its first byte.
     * @param length of the rest; with the head up to the region's payload capacity.
     * @param listener told of the completion.
     * @return the correlation id, or {@link #FULL}.
     * @throws VmrpcException if the session has ended.
     */
    public long submit(final int operation, final int flags, final long deadlineNs, final DirectBuffer head, final int headLength,
        final DirectBuffer body, final int offset, final int length, final CompletionListener listener) {
        ensureOpen();
        if (outstanding.isFull() || !submissions.hasSpace()) {
            return FULL;
        }
        final long correlation = outstanding.add(listener);
        try {
            submissions.offer(correlation, operation, flags, hostTime.toHost(deadlineNs), head, headLength, body, offset, length);
        } catch (final RuntimeException e) {
            outstanding.remove(correlation);
            throw e;
        }
        unrung = true;
        owed++;
        hasSubscribed |= flags != 0;
        return correlation;
    }

    /**
     * Sends a request that nothing answers.
     *
     * @param operation service and method.
     * @param payload bytes to send.
     * @param offset of the first.
     * @param length up to the region's payload capacity.
     * @return false if the ring is full.
     */
    public boolean send(final int operation, final DirectBuffer payload, final int offset, final int length) {
        return send(operation, NOTHING, 0, payload, offset, length);
    }

    /**
     * Sends a request that nothing answers and whose payload stands in two places.
     *
     * @param operation service and method.
     * @param head the payload's first bytes, from 0.
     * @param headLength how many.
     * @param body the rest of the payload.
     * @param offset of its first byte.
     * @param length of the rest; with the head up to the region's payload capacity.
     * @return false if the ring is full.
     */
    public boolean send(final int operation, final DirectBuffer head, final int headLength, final DirectBuffer body, final int offset,
        final int length) {
        ensureOpen();
        final boolean isSent = submissions.offer(0, operation, Protocol.SUBMIT_ONE_WAY, Protocol.NO_DEADLINE, head, headLength, body, offset,
            length);
        unrung = true;
        flush();
        return isSent;
    }

    /** Makes sure that the agent sees what was submitted: wakes it if it sleeps. */
    public void flush() {
        if (unrung) {
            unrung = false;
            session.ringIfSleeping();
        }
    }

    /**
     * Hands completions that are there to their listeners.
     *
     * @return how many.
     * @throws VmrpcException if the session has ended; every outstanding request has been told before.
     */
    public int poll() {
        flush();
        return drain();
    }

    private int drain() {
        final int count = pollCompletions();
        if (count > 0) {
            emptyPolls = 0;
            if (hasSubscribed || owed + count >= capacity) {
                ringIfBlocked();
            } // else the ring was never full: it holds at most what the agent owed
        } else if ((++emptyPolls & HEALTH_CHECK_MASK) == 0) {
            checkHealth();
        }
        return count;
    }

    private int pollCompletions() {
        try {
            return completions.poll(dispatch, capacity);
        } catch (final RuntimeException | Error e) { // a listener's: its record is consumed, and the agent may wait for just that space
            ringIfBlocked();
            throw e;
        }
    }

    private void ringIfBlocked() {
        VarHandle.fullFence(); // rule R22; partner: the agent's fence after completion_blocked = 1
        if (completions.isAgentBlocked()) {
            session.ringIfSleeping();
        }
    }

    /**
     * Waits until at least one completion was handed over, or {@link #wakeup} was called.
     *
     * @param deadlineNs {@link System#nanoTime()} to wait until, or {@link Long#MAX_VALUE}.
     * @return false if the deadline came first.
     * @throws VmrpcException if the session has ended.
     */
    public boolean await(final long deadlineNs) {
        ensureOpen();
        while (drain() == 0 && !wait.isWoken()) {
            if (hasCome(deadlineNs)) {
                flush();
                return false;
            }
            beforeWait();
            rung(wait.forAnything(deadlineNs, unrung));
        }
        wait.clearWakeup();
        flush(); // what was submitted before this call must not wait for the next one
        return true;
    }

    private static boolean hasCome(final long deadlineNs) {
        return deadlineNs != Long.MAX_VALUE && System.nanoTime() - deadlineNs >= 0;
    }

    /**
     * Lets other threads call {@link #wakeup}. Call once, on the channel's thread, before they do.
     *
     * @throws io.vmrpc.error.ConnectException if this thread parks a vCPU and the guest kernel has no membarrier(2) to interrupt it with.
     */
    public void allowWakeup() {
        wait.allowWakeup();
    }

    /**
     * Ends the channel's current {@link #await}, or the next one if its thread is in none; calls go on. For any thread, after
     * {@link #allowWakeup} and before the {@link VmrpcGuest} is closed. A spinning or sleeping wait sees it by itself, and so does one on a
     * {@link SharedVcpu} within 1 ms; a {@link RealTimeVcpu} is interrupted, and this method returns when it has woken.
     */
    public void wakeup() {
        wait.wakeup();
    }

    /** As {@link #await}, but wake-ups are left for later: a call's answer is not to be missed for them. */
    private boolean awaitCompletion(final long deadlineNs) {
        ensureOpen();
        while (drain() == 0) {
            if (hasCome(deadlineNs)) {
                flush();
                return false;
            }
            beforeWait();
            rung(wait.forCompletion(deadlineNs, unrung));
        }
        flush();
        return true;
    }

    private void beforeWait() {
        if (wait.rings()) {
            checkHealth(); // before every park: the return that told of a loss may have been another's (rule R32)
        } else {
            flush();
        }
    }

    private void rung(final boolean hasRung) {
        if (hasRung) {
            unrung = false;
        }
    }

    /**
     * Calls and waits for the completion.
     *
     * @param operation service and method.
     * @param request bytes to send.
     * @param offset of the first.
     * @param length up to the region's payload capacity.
     * @param reply where the reply's bytes go.
     * @param replyOffset of the first; the buffer must hold the whole reply.
     * @param deadlineNs {@link System#nanoTime()} after which the call fails, or {@link Long#MAX_VALUE}.
     * @return length of the reply.
     * @throws StatusException if the agent completes it with another status than OK, or the deadline passes.
     * @throws VmrpcException if the session ends.
     */
    public int call(final int operation, final DirectBuffer request, final int offset, final int length, final MutableDirectBuffer reply,
        final int replyOffset, final long deadlineNs) {
        sync.begin(reply, replyOffset);
        try {
            call(operation, 0, deadlineNs, NOTHING, 0, request, offset, length, sync);
            return sync.result();
        } finally {
            sync.end();
        }
    }

    /**
     * Calls without a deadline.
     *
     * @param operation service and method.
     * @param request bytes to send.
     * @param offset of the first.
     * @param length up to the region's payload capacity.
     * @param reply where the reply's bytes go, from 0.
     * @return length of the reply.
     */
    public int call(final int operation, final DirectBuffer request, final int offset, final int length, final MutableDirectBuffer reply) {
        return call(operation, request, offset, length, reply, 0, Long.MAX_VALUE);
    }

    /**
     * Calls and waits until a listener has had the final completion. Wake-ups are left for later.
     *
     * @param operation service and method.
     * @param flags 0 or {@link Protocol#SUBMIT_SUBSCRIBE}: the completion may then come in parts.
     * @param deadlineNs {@link System#nanoTime()} after which the call fails, or {@link Long#MAX_VALUE}.
     * @param head the payload's first bytes, from 0.
     * @param headLength how many.
     * @param body the rest of the payload.
     * @param offset of its first byte.
     * @param length of the rest; with the head up to the region's payload capacity.
     * @param listener told of the completion; after this method has thrown it hears nothing more.
     * @throws StatusException DEADLINE_EXCEEDED if the deadline passes without a completion.
     * @throws VmrpcException if the session ends.
     */
    public void call(final int operation, final int flags, final long deadlineNs, final DirectBuffer head, final int headLength,
        final DirectBuffer body, final int offset, final int length, final CompletionListener listener) {
        long correlation = submit(operation, flags, deadlineNs, head, headLength, body, offset, length, listener);
        while (correlation == FULL) {
            awaitSpace(deadlineNs);
            correlation = submit(operation, flags, deadlineNs, head, headLength, body, offset, length, listener);
        }
        try {
            while (outstanding.find(correlation) != null) {
                if (!awaitCompletion(deadlineNs)) {
                    cancel(correlation);
                    throw timedOut();
                }
            }
        } finally {
            outstanding.remove(correlation); // a late completion finds nobody, and not the next call
        }
    }

    /** The agent that reads submissions wakes nobody for the space, so this wait is short whatever it waits with. */
    private void awaitSpace(final long deadlineNs) {
        if (poll() == 0) {
            if (hasCome(deadlineNs)) {
                throw timedOut();
            }
            pause();
        }
    }

    /**
     * Waits a moment for what wakes nobody, such as space in the submission ring; completions end it. They are not handed over.
     *
     * @throws VmrpcException if the session has ended.
     */
    public void pause() {
        checkHealth();
        wait.pause();
    }

    private static StatusException timedOut() {
        return new StatusException(Status.DEADLINE_EXCEEDED, 0, "the call's own deadline passed before a completion came");
    }

    /**
     * Asks the agent to end a request; its completion, with CANCELLED or what came before, still arrives at the listener.
     *
     * @param correlation of the request.
     * @return false if the ring is full: poll and try again.
     */
    public boolean cancel(final long correlation) {
        ensureOpen();
        cancelRequest.putLong(0, correlation);
        return send(Protocol.operation(Protocol.SERVICE_SESSION, Protocol.METHOD_CANCEL), cancelRequest, 0, Long.BYTES);
    }

    private final UnsafeBuffer cancelRequest = new UnsafeBuffer(new byte[Long.BYTES]);

    private void dispatch(final long correlation, final int status, final int flags, final int detail, final long lost,
        final DirectBuffer payload, final int offset, final int length) {
        final boolean more = (flags & Protocol.COMPLETE_MORE) != 0;
        if (!more) {
            owed--;
        }
        final CompletionListener listener = outstanding.find(correlation);
        if (listener != null) {
            if (!more) {
                outstanding.remove(correlation);
            }
            listener.onCompletion(correlation, Status.of(status), detail, more, lost, length == 0 ? NOTHING : payload,
                length == 0 ? 0 : offset, length);
        }
    }

    private void checkHealth() {
        final VmrpcException cause = session.failure();
        if (cause != null) {
            fail(cause);
            throw cause;
        }
    }

    private void fail(final VmrpcException cause) {
        if (failure == null) {
            failure = cause;
            outstanding.failAll(cause);
        }
    }

    private void ensureOpen() {
        if (failure != null) {
            throw failure;
        }
    }

    /** Ends the channel: what is outstanding is cancelled. Call on the channel's thread. */
    @Override
    public void close() {
        if (failure == null) {
            try {
                onClose.run();
            } finally {
                fail(new VmrpcException("channel " + number + " was closed: open another"));
            }
        }
    }
}
