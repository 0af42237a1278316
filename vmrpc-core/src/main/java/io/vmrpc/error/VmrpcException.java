package io.vmrpc.error;

/** Base of what a call can throw because of the other side. */
public class VmrpcException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param message one sentence: what is wrong and what to do.
     */
    public VmrpcException(final String message) {
        super(message);
    }

    /**
     * Creates an exception.
     *
     * @param message one sentence: what is wrong and what to do.
     * @param cause what was caught.
     */
    public VmrpcException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
