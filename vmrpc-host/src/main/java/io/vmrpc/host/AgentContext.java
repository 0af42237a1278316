package io.vmrpc.host;

import io.vmrpc.host.service.Service;
import io.vmrpc.host.session.Quotas;
import io.vmrpc.layout.Geometry;
import io.vmrpc.natives.CpuSet;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * What an agent serves and how. Fluent; concluded by {@link Agent#launch}, after which nothing can be changed.
 *
 * <p>Not thread-safe.
 */
public final class AgentContext {
    private static final int MAX_NAME = 64;
    private final List<Path> regions = new ArrayList<>();
    private final List<Service> services = new ArrayList<>();
    private Geometry geometry = Geometry.DEFAULT;
    private Quotas quotas = Quotas.DEFAULT;
    private ShardIdle idle = ShardIdle.BLOCKING;
    private NanoClock clock = SystemNanoClock.INSTANCE; // CLOCK_MONOTONIC on Linux
    private ThreadFactory threadFactory = Thread::new;
    private int shards = 1;
    private int shardPriority;
    private int shardCpu = -1;
    private boolean removesRegions;
    private boolean isConcluded;

    /** Begins with the defaults and no region. */
    public AgentContext() {
    }

    /** Checks the whole and freezes it. */
    AgentContext conclude() {
        change();
        if (regions.isEmpty()) {
            throw new IllegalArgumentException("no region is named: call region(path) for each guest");
        }
        if (new HashSet<>(regions).size() < regions.size()) {
            throw new IllegalArgumentException("regions=" + regions + " name one twice: each guest has a region of its own");
        }
        require(shardCpu + shards <= CpuSet.LIMIT, "shardCpu", shardCpu, "at most " + CpuSet.LIMIT + " - shards");
        if (services.size() > 0xffff) {
            throw new IllegalArgumentException("services=" + services.size() + " must be at most 65535");
        }
        final Set<String> names = new HashSet<>();
        for (final Service service : services) {
            final int length = service.name().getBytes(StandardCharsets.UTF_8).length;
            if (length < 1 || length > MAX_NAME || !names.add(service.name())) {
                throw new IllegalArgumentException("service name=" + service.name() + " must be unique and have 1 to 64 bytes");
            }
        }
        shards = Math.min(shards, regions.size());
        isConcluded = true;
        return this;
    }

    private AgentContext change() {
        if (isConcluded) {
            throw new IllegalStateException("this context belongs to an agent already: make a new one");
        }
        return this;
    }

    private static void require(final boolean holds, final String name, final int value, final String range) {
        if (!holds) {
            throw new IllegalArgumentException(name + "=" + value + " must be " + range);
        }
    }

    /**
     * Adds a guest.
     *
     * @param path of its region: created if it does not exist, best under /dev/shm.
     * @return this.
     */
    public AgentContext region(final Path path) {
        change().regions.add(path.toAbsolutePath().normalize());
        return this;
    }

    /**
     * Sets the shape of all regions.
     *
     * @param shape of new regions; existing ones must have it.
     * @return this.
     */
    public AgentContext geometry(final Geometry shape) {
        change().geometry = shape;
        return this;
    }

    /**
     * Adds a service that all guests may call.
     *
     * @param service to add.
     * @return this.
     */
    public AgentContext service(final Service service) {
        change().services.add(service);
        return this;
    }

    /**
     * Sets what a shard does when there is nothing to do.
     *
     * @param choice {@link ShardIdle#BLOCKING} unless set.
     * @return this.
     */
    public AgentContext idle(final ShardIdle choice) {
        change().idle = choice;
        return this;
    }

    /**
     * Sets what each guest may use.
     *
     * @param limits {@link Quotas#DEFAULT} unless set.
     * @return this.
     */
    public AgentContext quotas(final Quotas limits) {
        change().quotas = limits;
        return this;
    }

    /**
     * Sets the number of threads; regions are dealt out to them in turn.
     *
     * @param count 1 to 64; more than there are regions are not started.
     * @return this.
     */
    public AgentContext shards(final int count) {
        require(count >= 1 && count <= 64, "shards", count, "1 to 64");
        change().shards = count;
        return this;
    }

    /**
     * Sets who makes the shards' threads.
     *
     * @param factory called once for each shard.
     * @return this.
     */
    public AgentContext threadFactory(final ThreadFactory factory) {
        change().threadFactory = factory;
        return this;
    }

    /**
     * Gives the shards' threads a real-time priority; {@link Agent#launch} fails if the system does not permit it.
     *
     * @param fifo SCHED_FIFO priority 1 to 99; 0: none.
     * @return this.
     */
    public AgentContext shardPriority(final int fifo) {
        require(fifo >= 0 && fifo <= 99, "shardPriority", fifo, "0 (none) to 99");
        change().shardPriority = fifo;
        return this;
    }

    /**
     * Pins the shards' threads.
     *
     * @param cpu of the first shard, 0 to {@link CpuSet#LIMIT} - 1; the next shard gets the next CPU; -1: anywhere.
     * @return this.
     */
    public AgentContext shardCpu(final int cpu) {
        require(cpu >= -1 && cpu < CpuSet.LIMIT, "shardCpu", cpu, "-1 (anywhere) to " + (CpuSet.LIMIT - 1));
        change().shardCpu = cpu;
        return this;
    }

    /**
     * Sets the clock of deadlines, for tests.
     *
     * @param hostClock CLOCK_MONOTONIC in ns.
     * @return this.
     */
    public AgentContext clock(final NanoClock hostClock) {
        change().clock = hostClock;
        return this;
    }

    /**
     * Whether region files go when the agent closes. A running VM keeps its mapping, but no new agent will meet it there.
     *
     * @param removes false unless set.
     * @return this.
     */
    public AgentContext removeRegionsOnClose(final boolean removes) {
        change().removesRegions = removes;
        return this;
    }

    List<Path> regions() {
        return regions;
    }

    List<Service> services() {
        return services;
    }

    Geometry geometry() {
        return geometry;
    }

    Quotas quotas() {
        return quotas;
    }

    ShardIdle idle() {
        return idle;
    }

    NanoClock clock() {
        return clock;
    }

    ThreadFactory threadFactory() {
        return threadFactory;
    }

    int shards() {
        return shards;
    }

    int shardPriority() {
        return shardPriority;
    }

    int shardCpu() {
        return shardCpu;
    }

    boolean removeRegionsOnClose() {
        return removesRegions;
    }
}
