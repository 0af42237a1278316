package io.vmrpc.rpc;

import io.vmrpc.rpc.schema.MethodDescriptor;

/** A guest's call, as its interceptors see it. */
public final class ClientCall {
    private final MethodDescriptor method;
    private final long deadlineNs;
    private final long startNs = System.nanoTime();
    private Metadata metadata;

    /**
     * For the guest's binding.
     *
     * @param method that is called.
     * @param deadlineNs {@link System#nanoTime()}, or {@link Long#MAX_VALUE}.
     * @param metadata of the stub.
     */
    public ClientCall(final MethodDescriptor method, final long deadlineNs, final Metadata metadata) {
        this.method = method;
        this.deadlineNs = deadlineNs;
        this.metadata = metadata;
    }

    /**
     * What is called.
     *
     * @return the method.
     */
    public MethodDescriptor method() {
        return method;
    }

    /**
     * When the call ends at the latest.
     *
     * @return {@link System#nanoTime()}, or {@link Long#MAX_VALUE} for never.
     */
    public long deadlineNs() {
        return deadlineNs;
    }

    /**
     * When the call began.
     *
     * @return {@link System#nanoTime()}.
     */
    public long startNs() {
        return startNs;
    }

    /**
     * What is sent along.
     *
     * @return the stub's metadata and what was added.
     */
    public Metadata metadata() {
        return metadata;
    }

    /**
     * Sends a value along.
     *
     * @param name of it.
     * @param value of it.
     */
    public void addMetadata(final String name, final String value) {
        metadata = metadata.with(name, value);
    }
}
