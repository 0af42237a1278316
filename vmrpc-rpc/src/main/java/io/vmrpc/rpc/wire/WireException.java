package io.vmrpc.rpc.wire;

/** Bytes that do not decode, or a value that cannot be encoded. */
public final class WireException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;
    private final boolean isTooLong;

    /**
     * Creates an exception.
     *
     * @param message which method and field, what is wrong, and what to do.
     */
    public WireException(final String message) {
        this(message, false);
    }

    WireException(final String message, final boolean isTooLong) {
        super(message);
        this.isTooLong = isTooLong;
    }

    /** Nothing: a hostile peer must not make the host collect stack traces. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }

    /**
     * Whether it is only too much.
     *
     * @return true if a limit was exceeded.
     */
    public boolean isTooLong() {
        return isTooLong;
    }
}
