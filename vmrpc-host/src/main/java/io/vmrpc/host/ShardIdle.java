package io.vmrpc.host;

import java.time.Duration;

/**
 * What a shard does when there is nothing to do.
 *
 * @param spinNs how long it goes on polling before it sleeps; {@link Long#MAX_VALUE}: for ever.
 */
public record ShardIdle(long spinNs) {
    /** Sleeps at once, at no CPU time; a request costs a doorbell and a wake-up of the thread. */
    public static final ShardIdle BLOCKING = new ShardIdle(0);
    /** Polls for ever: lowest latency, for a shard that has a core of its own. */
    public static final ShardIdle SPINNING = new ShardIdle(Long.MAX_VALUE);

    /** Checks the time. */
    public ShardIdle {
        if (spinNs < 0) {
            throw new IllegalArgumentException("spinNs=" + spinNs + " must not be negative");
        }
    }

    /**
     * Polls for a while after the last work, then sleeps.
     *
     * @param time to poll.
     * @return the choice.
     */
    public static ShardIdle spinFor(final Duration time) {
        return new ShardIdle(time.toNanos());
    }
}
