package io.vmrpc.rpc;

/**
 * How a stub calls. Immutable.
 *
 * @param timeoutNs how long each call may take, from its beginning; {@link Long#MAX_VALUE}: for ever.
 * @param deadlineNs {@link System#nanoTime()} by which every call ends; {@link Long#MAX_VALUE}: never. The earlier of both counts.
 * @param metadata sent with each call.
 * @param wantsStack whether a failure shall bring the host's stack trace, if the host allows it.
 * @param window how many events of a subscription the host may send ahead, 1 to 65536.
 */
public record CallOptions(long timeoutNs, long deadlineNs, Metadata metadata, boolean wantsStack, int window) {
    /** No deadline, no metadata, no stack, 64 events ahead. */
    public static final CallOptions DEFAULT = new CallOptions(Long.MAX_VALUE, Long.MAX_VALUE, Metadata.NONE, false, 64);
    private static final int MAX_WINDOW = 65_536;

    /** Checks the values. */
    public CallOptions {
        if (timeoutNs <= 0) {
            throw new IllegalArgumentException("timeoutNs=" + timeoutNs + " must be positive");
        }
        if (window < 1 || window > MAX_WINDOW) {
            throw new IllegalArgumentException("window=" + window + " must be 1 to " + MAX_WINDOW);
        }
    }

    /**
     * When a call that begins now has to end.
     *
     * @return {@link System#nanoTime()}, or {@link Long#MAX_VALUE} for never.
     */
    public long untilNs() {
        if (timeoutNs == Long.MAX_VALUE) {
            return deadlineNs;
        }
        final long until = System.nanoTime() + timeoutNs;
        return deadlineNs == Long.MAX_VALUE || deadlineNs - until > 0 ? until : deadlineNs;
    }

    CallOptions timeout(final long ns) {
        return new CallOptions(ns, deadlineNs, metadata, wantsStack, window);
    }

    CallOptions deadline(final long ns) {
        return new CallOptions(timeoutNs, ns, metadata, wantsStack, window);
    }

    CallOptions metadata(final Metadata values) {
        return new CallOptions(timeoutNs, deadlineNs, values, wantsStack, window);
    }

    CallOptions stack(final boolean wants) {
        return new CallOptions(timeoutNs, deadlineNs, metadata, wants, window);
    }

    CallOptions events(final int ahead) {
        return new CallOptions(timeoutNs, deadlineNs, metadata, wantsStack, ahead);
    }
}
