package io.vmrpc.error;

/** There is no session to be had: no device, no privilege, no shim, no agent, or another version. */
public final class ConnectException extends VmrpcException {
    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param message one sentence: what is wrong and what to do.
     */
    public ConnectException(final String message) {
        super(message);
    }
}
