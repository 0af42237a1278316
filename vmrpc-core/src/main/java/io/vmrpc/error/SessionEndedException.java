package io.vmrpc.error;

/** The agent ended the session because the guest broke the protocol. */
public final class SessionEndedException extends VmrpcException {
    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param message one sentence: what is wrong and what to do.
     */
    public SessionEndedException(final String message) {
        super(message);
    }
}
