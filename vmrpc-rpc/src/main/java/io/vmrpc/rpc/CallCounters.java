package io.vmrpc.rpc;

import io.vmrpc.error.Status;
import io.vmrpc.rpc.schema.MethodDescriptor;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts calls by method, as an interceptor of either side. One object may serve any number of services and channels.
 */
public final class CallCounters implements ServerInterceptor, ClientInterceptor {
    private final Map<String, Counts> methods = new ConcurrentHashMap<>();

    /** Begins at 0. */
    public CallCounters() {
    }

    /** Live counts of a method; any thread may read them. */
    public static final class Counts {
        private final AtomicLong started = new AtomicLong();
        private final AtomicLong ended = new AtomicLong();
        private final AtomicLong failed = new AtomicLong();

        private Counts() {
        }

        /**
         * Calls that began.
         *
         * @return from 0.
         */
        public long started() {
            return started.get();
        }

        /**
         * Calls that ended with another status than OK.
         *
         * @return from 0.
         */
        public long failed() {
            return failed.get();
        }

        /**
         * Calls that have not ended: in the host, replies withheld and subscriptions.
         *
         * @return from 0.
         */
        public long outstanding() {
            return started.get() - ended.get();
        }

        @Override
        public String toString() {
            return "started=" + started() + " failed=" + failed() + " outstanding=" + outstanding();
        }
    }

    /**
     * Counts of one method.
     *
     * @param fullName as in {@code calc@1.add}.
     * @return its counts, which go on.
     */
    public Counts of(final String fullName) {
        return methods.computeIfAbsent(fullName, name -> new Counts());
    }

    private Counts of(final MethodDescriptor method) {
        return of(method.fullName());
    }

    @Override
    public void onCall(final CallContext call) {
        of(call.method()).started.incrementAndGet();
    }

    @Override
    public void onEnd(final CallContext call, final Status status) {
        end(call.method(), status);
    }

    @Override
    public void onCall(final ClientCall call) {
        of(call.method()).started.incrementAndGet();
    }

    @Override
    public void onEnd(final ClientCall call, final Status status) {
        end(call.method(), status);
    }

    private void end(final MethodDescriptor method, final Status status) {
        final Counts counts = of(method);
        if (status != Status.OK) {
            counts.failed.incrementAndGet();
        }
        counts.ended.incrementAndGet();
    }

    /** One line for each method that was called. */
    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder();
        new TreeMap<>(methods).forEach((name, counts) -> text.append(name).append(": ").append(counts).append('\n'));
        return text.toString();
    }
}
