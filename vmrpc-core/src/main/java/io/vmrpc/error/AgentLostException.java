package io.vmrpc.error;

/** The agent died or its link hung up while requests were outstanding; whether they were carried out is unknown, and nothing is submitted again. */
public final class AgentLostException extends VmrpcException {
    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param message one sentence: what is wrong and what to do.
     */
    public AgentLostException(final String message) {
        super(message);
    }
}
