package io.vmrpc.host.rpc;

import io.vmrpc.host.service.SessionInfo;
import io.vmrpc.rpc.CallContext;
import io.vmrpc.rpc.Metadata;
import io.vmrpc.rpc.schema.MethodDescriptor;

/** What is known of a call. Used again for the next one, unless an interceptor or a withheld reply keeps it. */
final class HostContext implements CallContext {
    private final SessionInfo session;
    private final String region;
    private MethodDescriptor method;
    private int index;
    private long deadlineNs;
    private Metadata metadata = Metadata.NONE;
    private boolean wantsStack;
    private volatile boolean isCancelled;

    HostContext(final SessionInfo session, final MethodDescriptor method) {
        this.session = session;
        this.method = method;
        region = String.valueOf(session.region().getFileName());
    }

    void begin(final MethodDescriptor called, final int place, final long deadline) {
        method = called;
        index = place;
        deadlineNs = deadline;
        metadata = Metadata.NONE;
        wantsStack = false;
    }

    void received(final Metadata values, final boolean stack) {
        metadata = values;
        wantsStack = stack;
    }

    void cancel() {
        isCancelled = true;
    }

    /** The method's place in the descriptor. */
    int index() {
        return index;
    }

    boolean wantsStack() {
        return wantsStack;
    }

    @Override
    public MethodDescriptor method() {
        return method;
    }

    @Override
    public long deadlineNs() {
        return deadlineNs;
    }

    @Override
    public boolean isCancelled() {
        return isCancelled;
    }

    @Override
    public long session() {
        return session.id();
    }

    @Override
    public String region() {
        return region;
    }

    @Override
    public Metadata metadata() {
        return metadata;
    }
}
