package io.vmrpc.rpc;

import io.vmrpc.error.Status;

/**
 * Sees every call of a service in the host: for metrics, tracing, authorisation. Without one a call does not pay for it.
 *
 * <p>Where gRPC wraps listeners, this has two moments, so that immediate and withheld replies and subscriptions look alike.
 */
public interface ServerInterceptor {
    /**
     * A call has come; its arguments are not decoded yet. Called on the shard's thread, in the order in which interceptors were added.
     *
     * @param call may be kept.
     * @throws RpcException to refuse it: PERMISSION_DENIED, UNAUTHENTICATED, RESOURCE_EXHAUSTED; the implementation is not called.
     */
    default void onCall(final CallContext call) {
    }

    /**
     * A call has ended. Called once for each call of which {@link #onCall} was told, on the shard's thread, in the opposite order.
     *
     * @param call the same object.
     * @param status OK, what was answered, CANCELLED, DEADLINE_EXCEEDED, or UNAVAILABLE for the session's end; OK for a one-way call that
     *     the implementation took.
     */
    default void onEnd(final CallContext call, final Status status) {
    }
}
