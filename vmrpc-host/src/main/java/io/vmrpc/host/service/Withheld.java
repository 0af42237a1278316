package io.vmrpc.host.service;

import io.vmrpc.error.Status;
import java.util.concurrent.Executor;
import org.agrona.DirectBuffer;

/**
 * A request that is answered later. The service may allocate handles itself and use each again when its request has ended
 * ({@link Request#withhold(Withheld)}): then withholding allocates nothing.
 *
 * <p>All methods but {@link #onShard} belong to the shard's thread. A handle whose request has ended is stale; to answer through it is an
 * {@link IllegalStateException}, and never reaches another request.
 */
public class Withheld {
    private Outstanding outstanding;
    private Executor shard;
    private SessionInfo session;
    private long generation;

    /** Creates a handle without a request. */
    public Withheld() {
    }

    final void bind(final Outstanding request) {
        shard = request.shard();
        session = request.session();
        generation = request.bind(this);
        outstanding = request;
    }

    final Outstanding outstanding() {
        if (!isOutstanding()) {
            throw new IllegalStateException("the request has ended (completed, cancelled, past its deadline, or its session is gone): " +
                "ask isOutstanding() first, or use onEnd");
        }
        return outstanding;
    }

    /**
     * Whether the request still waits for its completion.
     *
     * @return false once it has ended, for whatever reason.
     */
    public final boolean isOutstanding() {
        return outstanding != null && outstanding.isGeneration(generation);
    }

    /**
     * Whose request it is or was.
     *
     * @return the session.
     */
    public final SessionInfo session() {
        return session;
    }

    /**
     * How long a payload can be in this region.
     *
     * @return bytes.
     */
    public final int payloadCapacity() {
        return outstanding().payloadCapacity();
    }

    /**
     * Completes the request with OK.
     *
     * @param buffer holds the payload, which is copied.
     * @param offset of the first byte.
     * @param length 0 to the region's payload capacity.
     */
    public final void complete(final DirectBuffer buffer, final int offset, final int length) {
        outstanding().complete(Status.OK, 0, buffer, offset, length);
    }

    /** Completes the request with OK and no payload. */
    public final void complete() {
        outstanding().complete(Status.OK, 0, null, 0, 0);
    }

    /**
     * Completes the request with an error.
     *
     * @param status not OK.
     * @param detail errno or the service's own number, 0 for none.
     * @param text one sentence for the caller: what is wrong and what to do.
     */
    public final void fail(final Status status, final int detail, final CharSequence text) {
        outstanding().fail(status, detail, text);
    }

    /**
     * Asks to be told if the request ends by cancellation, deadline or the session's end.
     *
     * @param listener called at most once; a later call of this method replaces it.
     */
    public final void onEnd(final EndListener listener) {
        outstanding().listen(listener);
    }

    /**
     * Runs a task on the shard's thread, where this handle may be used. The only method for other threads.
     *
     * @param task must not block; should begin with {@link #isOutstanding()}.
     */
    public final void onShard(final Runnable task) {
        shard.execute(task);
    }
}
