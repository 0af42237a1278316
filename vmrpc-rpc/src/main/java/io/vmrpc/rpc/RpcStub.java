package io.vmrpc.rpc;

import io.vmrpc.rpc.stub.StubTransport;
import java.time.Duration;

/**
 * What every generated stub can do beside its service's methods. A stub belongs to the thread of its channel; making a variant of it by one
 * of these methods costs one small object, which may be kept and used again.
 *
 * @param <S> the stub's own type.
 */
public abstract class RpcStub<S> {
    /** Sends calls. */
    protected final StubTransport transport;
    /** How this stub calls. */
    protected final CallOptions options;

    /**
     * For generated code.
     *
     * @param transport sends calls.
     * @param options how.
     */
    protected RpcStub(final StubTransport transport, final CallOptions options) {
        this.transport = transport;
        this.options = options;
    }

    /**
     * The same stub with other options.
     *
     * @param changed options.
     * @return a new stub over the same channel.
     */
    protected abstract S with(CallOptions changed);

    /**
     * Bounds each call.
     *
     * @param timeout from the beginning of each call.
     * @return a stub whose calls end with DEADLINE_EXCEEDED, in guest and host, when it has passed.
     */
    public final S withDeadline(final Duration timeout) {
        return with(options.timeout(timeout.toNanos()));
    }

    /**
     * Bounds calls by a point in time.
     *
     * @param deadlineNs {@link System#nanoTime()}.
     * @return a stub whose calls end then.
     */
    public final S withDeadlineAt(final long deadlineNs) {
        return with(options.deadline(deadlineNs));
    }

    /**
     * Sends a value along.
     *
     * @param name of the value.
     * @param value to send.
     * @return a stub that sends it with each call; the host sees it in {@link CallContext#metadata}.
     */
    public final S withMetadata(final String name, final String value) {
        return with(options.metadata(options.metadata().with(name, value)));
    }

    /**
     * Asks for the host's stack trace with failures. The host gives it only where its operator allows it.
     *
     * @return a stub whose {@link RpcException#remoteStack} may be there.
     */
    public final S withRemoteStack() {
        return with(options.stack(true));
    }

    /**
     * Grants more or fewer events ahead.
     *
     * @param events 1 to 65536 for each subscription made by the new stub.
     * @return a stub.
     */
    public final S withWindow(final int events) {
        return with(options.events(events));
    }

    /**
     * For generated code.
     *
     * @param declared exception that the method declares, made anew.
     * @param cause what came from the host.
     * @param <E> its type.
     * @return the exception, with the cause.
     */
    protected static <E extends Throwable> E caused(final E declared, final RpcException cause) {
        try {
            declared.initCause(cause);
        } catch (final IllegalStateException e) { // its constructor said that it has none
            declared.addSuppressed(cause);
        }
        return declared;
    }
}
