package io.vmrpc.host.session;

import java.nio.file.Path;

/** What happened in a region since the agent started. Any thread may read. */
public final class RegionCounters {
    private final Path region;
    private final Counter sessions = new Counter();
    private final Counter requests = new Counter();
    private final Counter completions = new Counter();
    private final Counter events = new Counter();
    private final Counter eventsLost = new Counter();
    private final Counter exhausted = new Counter();
    private final Counter heldBack = new Counter();
    private final Counter violations = new Counter();
    private final Counter serviceFailures = new Counter();
    private final Counter doorbells = new Counter();
    private final Counter wakes = new Counter();

    RegionCounters(final Path region) {
        this.region = region;
    }

    /**
     * The region.
     *
     * @return its path.
     */
    public Path region() {
        return region;
    }

    /**
     * Sessions opened.
     *
     * @return live count.
     */
    public Counter sessions() {
        return sessions;
    }

    /**
     * Submissions read.
     *
     * @return live count.
     */
    public Counter requests() {
        return requests;
    }

    /**
     * Final completions written.
     *
     * @return live count.
     */
    public Counter completions() {
        return completions;
    }

    /**
     * Events written.
     *
     * @return live count.
     */
    public Counter events() {
        return events;
    }

    /**
     * Events dropped because the guest was slow.
     *
     * @return live count.
     */
    public Counter eventsLost() {
        return eventsLost;
    }

    /**
     * Requests and channels refused for a quota.
     *
     * @return live count.
     */
    public Counter exhausted() {
        return exhausted;
    }

    /**
     * Final completions that had to wait for space.
     *
     * @return live count.
     */
    public Counter heldBack() {
        return heldBack;
    }

    /**
     * Sessions ended or refused because the guest broke the protocol.
     *
     * @return live count.
     */
    public Counter violations() {
        return violations;
    }

    /**
     * Requests whose service threw or forgot to answer.
     *
     * @return live count.
     */
    public Counter serviceFailures() {
        return serviceFailures;
    }

    /**
     * Times that the doorbell woke the shard.
     *
     * @return live count.
     */
    public Counter doorbells() {
        return doorbells;
    }

    /**
     * Times that a slot's event counter was advanced.
     *
     * @return live count.
     */
    public Counter wakes() {
        return wakes;
    }

    @Override
    public String toString() {
        return region + ": sessions=" + sessions + " requests=" + requests + " completions=" + completions + " events=" + events +
            " eventsLost=" + eventsLost + " exhausted=" + exhausted + " heldBack=" + heldBack + " violations=" + violations +
            " serviceFailures=" + serviceFailures + " doorbells=" + doorbells + " wakes=" + wakes;
    }
}
