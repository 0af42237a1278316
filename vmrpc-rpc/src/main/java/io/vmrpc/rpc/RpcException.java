package io.vmrpc.rpc;

import io.vmrpc.error.Status;
import io.vmrpc.error.VmrpcException;
import org.jspecify.annotations.Nullable;

/**
 * A call failed. Thrown by stubs, and by a host's implementation to choose what its guest sees.
 */
public final class RpcException extends VmrpcException {
    private static final long serialVersionUID = 1;
    private final Status status;
    private final @Nullable String remoteType;
    private final @Nullable String remoteStack;

    /**
     * Creates a failure.
     *
     * @param status what kind it is; not OK.
     * @param message one sentence: what is wrong and what to do.
     */
    public RpcException(final Status status, final String message) {
        this(status, message, null, null);
    }

    /**
     * Creates a failure that came from the host.
     *
     * @param status what kind it is; not OK.
     * @param message the host's.
     * @param remoteType name of the exception's class in the host, or null.
     * @param remoteStack its stack trace, or null.
     */
    public RpcException(final Status status, final String message, final @Nullable String remoteType, final @Nullable String remoteStack) {
        super(message);
        this.status = status;
        this.remoteType = remoteType;
        this.remoteStack = remoteStack;
    }

    /**
     * What kind of failure it is.
     *
     * @return never OK.
     */
    public Status status() {
        return status;
    }

    /**
     * Which exception the host threw.
     *
     * @return the class's name if the method declares it, else null.
     */
    public @Nullable String remoteType() {
        return remoteType;
    }

    /**
     * Where the host threw it.
     *
     * @return the stack trace as text, if the stub asked for it and the host allows it; else null.
     */
    public @Nullable String remoteStack() {
        return remoteStack;
    }

    @Override
    public String toString() {
        return "RpcException: " + status + ": " + getMessage() + (remoteType == null ? "" : " [" + remoteType + "]") +
            (remoteStack == null ? "" : "\nin the host: " + remoteStack);
    }
}
