package io.vmrpc.rpc;

import org.jspecify.annotations.Nullable;

/** Which call a thread serves: a thread serves one at a time. For the host's binding. */
public final class CurrentCall {
    private static final ThreadLocal<CurrentCall> CURRENT = ThreadLocal.withInitial(CurrentCall::new);
    private @Nullable CallContext context;

    private CurrentCall() {
    }

    static @Nullable CallContext get() {
        return CURRENT.get().context;
    }

    /**
     * The place of the calling thread, to be kept by what runs on that thread only: to enter costs one store then.
     *
     * @return the same object each time.
     */
    public static CurrentCall ofThisThread() {
        return CURRENT.get();
    }

    /**
     * Begins or ends the serving of a call.
     *
     * @param call that is served; null: the end.
     */
    public void enter(final @Nullable CallContext call) {
        context = call;
    }
}
