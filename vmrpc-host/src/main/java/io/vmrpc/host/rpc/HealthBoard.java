package io.vmrpc.host.rpc;

import io.vmrpc.rpc.EventPublisher;
import io.vmrpc.rpc.services.Health.Serving;
import io.vmrpc.rpc.services.HealthHost;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** How the services of an agent are; tells guests that watch. Thread-safe. */
public final class HealthBoard implements HealthHost {
    /** The host as a whole. */
    private static final String ALL = "";
    private final Map<String, Serving> states = new ConcurrentHashMap<>(Map.of(ALL, Serving.SERVING));
    private final Queue<Watcher> watchers = new ConcurrentLinkedQueue<>();

    HealthBoard() {
    }

    void add(final String service) {
        states.put(service, Serving.SERVING);
    }

    /**
     * Says how a service is.
     *
     * @param service name and version, as in {@code plc@1}; empty: the host as a whole.
     * @param state SERVING or NOT_SERVING.
     * @throws IllegalArgumentException if there is no such service.
     */
    public void mark(final String service, final Serving state) {
        if (states.replace(service, state) == null) {
            throw new IllegalArgumentException("service=" + service + " is none of " + states.keySet());
        }
        watchers.forEach(watcher -> watcher.publisher.onShard(watcher));
    }

    @Override
    public Serving check(final String service) {
        return states.getOrDefault(service, Serving.SERVICE_UNKNOWN);
    }

    @Override
    public void watch(final String service, final EventPublisher<Serving> publisher) {
        final Watcher watcher = new Watcher(service, publisher);
        watchers.add(watcher);
        publisher.onReady(watcher);
        publisher.onEnd(status -> watchers.remove(watcher));
        watcher.run();
    }

    /** Sends the state of now, if it is not the one sent last; on the shard's thread. */
    private final class Watcher implements Runnable {
        private final String service;
        private final EventPublisher<Serving> publisher;
        private @Nullable Serving sent;

        private Watcher(final String service, final EventPublisher<Serving> publisher) {
            this.service = service;
            this.publisher = publisher;
        }

        @Override
        public void run() {
            final Serving state = check(service);
            if (state != sent && publisher.publish(state)) {
                sent = state;
            }
        }
    }
}
