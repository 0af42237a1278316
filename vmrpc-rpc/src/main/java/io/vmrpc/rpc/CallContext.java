package io.vmrpc.rpc;

import io.vmrpc.rpc.schema.MethodDescriptor;

/**
 * What a host's implementation may know of the call that it serves. {@link #current} is valid during the call; a {@link LongPoll} and an
 * {@link EventPublisher} have one of their own, which may be kept and read by any thread.
 */
public interface CallContext {
    /**
     * The call that the calling thread serves.
     *
     * @return valid until the implementation returns.
     * @throws IllegalStateException if it serves none.
     */
    static CallContext current() {
        final CallContext context = CurrentCall.get();
        if (context == null) {
            throw new IllegalStateException("this thread serves no call: ask for the context inside the service's method, or use LongPoll.context()");
        }
        return context;
    }

    /**
     * What is called.
     *
     * @return the method.
     */
    MethodDescriptor method();

    /**
     * When the caller gives up.
     *
     * @return host {@link System#nanoTime()}; {@link Long#MAX_VALUE}: never.
     */
    long deadlineNs();

    /**
     * Whether the caller does not wait any more.
     *
     * @return true after cancellation, deadline or the session's end.
     */
    boolean isCancelled();

    /**
     * Which session calls.
     *
     * @return a number that is unique in this agent.
     */
    long session();

    /**
     * Which guest calls.
     *
     * @return the name of its region's file.
     */
    String region();

    /**
     * What the guest sent along.
     *
     * @return {@link Metadata#NONE} if nothing.
     */
    Metadata metadata();
}
