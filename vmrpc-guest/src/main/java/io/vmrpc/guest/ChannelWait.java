package io.vmrpc.guest;

import io.vmrpc.park.Parker;
import io.vmrpc.ring.CompletionConsumer;
import java.util.function.Supplier;

/** How the thread of a channel waits for completions, and how other threads end that. */
final class ChannelWait {
    /** Longest wait on a shared vCPU, which only the agent ends, while other threads may call {@link #wakeup}. */
    private static final long SHARED_LOOK_NS = 1_000_000;

    private final Waiting waiting;
    private final Supplier<WakeUp> wakeUps;
    private final Parker.Pending pending;
    private final Parker.Pending pendingOrWoken;
    private volatile boolean isWoken;
    /** Null while nobody may wake, and where a wait sees {@link #isWoken} by itself. */
    private volatile WakeUp wakeUp;
    private long longestNs = Long.MAX_VALUE;

    ChannelWait(final Waiting waiting, final Supplier<WakeUp> wakeUps, final CompletionConsumer completions) {
        this.waiting = waiting;
        this.wakeUps = wakeUps;
        pending = completions::isEmpty;
        pendingOrWoken = () -> !isWoken && completions.isEmpty();
    }

    /** Whether a wait rings the agent itself if asked to. */
    boolean rings() {
        return waiting.rings();
    }

    /** Waits once for a completion, whoever calls {@link #wakeup}; true if it has rung. */
    boolean forCompletion(final long deadlineNs, final boolean ring) {
        return waiting.await(pending, deadlineNs, ring);
    }

    /** Waits once for a completion or a wake-up; true if it has rung. */
    boolean forAnything(final long deadlineNs, final boolean ring) {
        final long untilNs = longestNs == Long.MAX_VALUE ? deadlineNs : earlier(deadlineNs, System.nanoTime() + longestNs);
        final WakeUp announced = wakeUp;
        if (announced == null) {
            return waiting.await(pendingOrWoken, untilNs, ring);
        }
        announced.announce(untilNs);
        try {
            return waiting.await(pendingOrWoken, untilNs, ring);
        } finally {
            announced.withdraw();
        }
    }

    private static long earlier(final long deadlineNs, final long otherNs) {
        return deadlineNs == Long.MAX_VALUE || deadlineNs - otherNs > 0 ? otherNs : deadlineNs;
    }

    /** Waits a moment for what wakes nobody. */
    void pause() {
        waiting.pause(pendingOrWoken);
    }

    void allowWakeup() {
        if (wakeUp == null) {
            wakeUp = wakeUps.get();
            longestNs = waiting instanceof SharedVcpu ? SHARED_LOOK_NS : Long.MAX_VALUE;
        }
    }

    /** For any thread. */
    void wakeup() {
        isWoken = true; // W1 of WakeUp
        final WakeUp announced = wakeUp;
        if (announced != null) {
            announced.wake();
        }
    }

    boolean isWoken() {
        return isWoken;
    }

    /** Forgets a wake-up; before the caller looks at what it was woken for. */
    void clearWakeup() {
        if (isWoken) {
            isWoken = false;
        }
    }
}
