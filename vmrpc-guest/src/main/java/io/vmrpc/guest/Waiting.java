package io.vmrpc.guest;

import io.vmrpc.park.Parker;
import java.util.concurrent.locks.LockSupport;

/**
 * How one thread waits for a completion or a deadline. Not thread-safe: one instance belongs to one thread.
 */
public interface Waiting {
    /** How long a sleeping wait sleeps at most before it looks again. */
    long SLEEP_NS = 100_000;

    /**
     * Waits once: until something is pending, the deadline has come, or for no reason; the caller looks and waits again.
     *
     * @param pending asks whether there is still nothing to take.
     * @param deadlineNs absolute {@link System#nanoTime()}, or {@link Long#MAX_VALUE} for none.
     * @param ring the agent has submissions that it may not have seen.
     * @return true if the agent was rung for them.
     */
    boolean await(Parker.Pending pending, long deadlineNs, boolean ring);

    /**
     * Gives others a moment, at most {@link #SLEEP_NS} long, to do what wakes nobody: the agent to take submissions. A real-time thread may keep the agent's
     * thread from the CPU that they share, so this must leave it, where {@link #await} may spin because its deadline is near.
     *
     * @param pending asks whether there is still nothing to take.
     */
    default void pause(final Parker.Pending pending) {
        await(pending, System.nanoTime() + SLEEP_NS, false);
    }

    /**
     * Whether {@link #await} rings the doorbell itself if asked to.
     *
     * @return false if the caller must ring before it waits.
     */
    default boolean rings() {
        return false;
    }

    /**
     * The slot that the agent must wake for this thread.
     *
     * @return slot number, or {@link io.vmrpc.layout.Protocol#NO_SLOT}.
     */
    default int slot() {
        return io.vmrpc.layout.Protocol.NO_SLOT;
    }

    /**
     * Polls and does nothing else. Lowest latency, costs a CPU while it waits. It does not even execute PAUSE: under TCG that leaves the
     * emulator's loop and costs tens of microseconds.
     *
     * @return a new instance.
     */
    static Waiting spinning() {
        return (pending, deadlineNs, ring) -> false;
    }

    /**
     * Sleeps in the guest kernel between two looks, at most {@link #SLEEP_NS}. For threads on ordinary vCPUs, which must
     * never park a vCPU that they share.
     *
     * @return a new instance.
     */
    static Waiting sleeping() {
        return (pending, deadlineNs, ring) -> {
            if (pending.isEmpty()) {
                LockSupport.parkNanos(Math.min(SLEEP_NS, deadlineNs - System.nanoTime()));
            }
            return false;
        };
    }
}
