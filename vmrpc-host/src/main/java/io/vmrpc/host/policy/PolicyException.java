package io.vmrpc.host.policy;

import java.io.IOException;

/** A policy file that cannot be used; the message says where in the file, what is wrong, and what to do. */
public final class PolicyException extends IOException {
    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param message one sentence.
     */
    public PolicyException(final String message) {
        super(message);
    }

    /**
     * Creates an exception.
     *
     * @param message one sentence.
     * @param cause what was caught.
     */
    public PolicyException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
