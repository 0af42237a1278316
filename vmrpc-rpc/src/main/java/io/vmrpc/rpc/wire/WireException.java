package io.vmrpc.rpc.wire;

/** Bytes that do not decode, or a value that cannot be encoded. */
public final class WireException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param message which method and field, what is wrong, and what to do.
     */
    public WireException(final String message) {
        super(message);
    }

    /** Nothing: a hostile peer must not make the host collect stack traces. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
