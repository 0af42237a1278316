package io.vmrpc.rpc.stub;

import io.vmrpc.rpc.RpcException;

/** Turns a failure that came from the host into an exception that the method declares. */
@FunctionalInterface
public interface FailureDecoder {
    /** For methods that declare none. */
    FailureDecoder NONE = failure -> failure;

    /**
     * Translates.
     *
     * @param failure from the host.
     * @return a declared exception with the failure as its cause, or the failure itself.
     */
    Throwable translate(RpcException failure);
}
