package io.vmrpc.vm;

import java.io.IOException;

/** A guest could not be booted or ended badly. The message is one sentence for the user: what is wrong and what to do. */
public final class VmException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what is wrong and what to do
     */
    public VmException(String message) {
        super(message);
    }

    /**
     * @param message what is wrong and what to do
     * @param cause what was caught
     */
    public VmException(String message, Throwable cause) {
        super(message, cause);
    }
}
