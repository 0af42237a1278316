package io.vmrpc.rpc;

import io.vmrpc.error.Status;

/** Sees every call of a guest's channel: for metrics and tracing. Without one a call does not pay for it. */
public interface ClientInterceptor {
    /**
     * A call begins; nothing has been sent. Called on the channel's thread, in the order in which interceptors were added.
     *
     * @param call may be kept; metadata may be added to it.
     * @throws RpcException to end the call here.
     */
    default void onCall(final ClientCall call) {
    }

    /**
     * A call has ended. Called once for each call of which {@link #onCall} was told, on the channel's thread, in the opposite order.
     *
     * @param call the same object.
     * @param status of the call; OK for a one-way call that was sent.
     */
    default void onEnd(final ClientCall call, final Status status) {
    }
}
