package io.vmrpc.bench.run;

import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import io.vmrpc.host.ShardIdle;
import io.vmrpc.host.service.Service;
import io.vmrpc.layout.Geometry;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The agent of a run: blocking or spinning, one after the other on the same region; the worker reconnects by itself.
 *
 * <p>A blocking agent of a VM shares the CPU of the real-time vCPU's thread: the vCPU is parked while the agent works, so the two never compete, and a
 * call becomes two switches on one CPU instead of two wake-ups across CPUs. A spinning agent needs another CPU. In loopback the agent is always on another
 * CPU and an ordinary thread, as in the C programs that it is compared with.
 */
final class Agents implements AutoCloseable {
    /** SCHED_FIFO priority of the shard's thread, below that of the vCPU; the TCP echo server has the same. */
    static final int PRIORITY = 70;
    private static final Path FOLDER = Path.of("/dev/shm");
    private static final String PREFIX = "vmrpc-bench-";
    private final Path region;
    private final JobService jobs = new JobService();
    private final Geometry geometry;
    private final List<Service> services;
    private final int blockingCpu;
    private final int priority;
    private ShardIdle idle;
    private Agent agent;

    Agents(final boolean isLoopback) throws IOException {
        this(isLoopback, Geometry.DEFAULT);
    }

    /** With more services, and regions of another shape. */
    Agents(final boolean isLoopback, final Geometry geometry, final Service... more) throws IOException {
        this(isLoopback, "", geometry, more);
    }

    /** One of several in this process: each has a name of its own, of letters. */
    Agents(final boolean isLoopback, final String name, final Geometry geometry, final Service... more) throws IOException {
        this.geometry = geometry;
        services = List.of(more);
        priority = isLoopback ? 0 : PRIORITY;
        blockingCpu = isLoopback ? 0 : Scheduling.REAL_TIME_CPU;
        sweep(PREFIX);
        region = FOLDER.resolve(PREFIX + ProcessHandle.current().pid() + (name.isEmpty() ? "" : "-" + name));
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /** Removes what runs left that were killed: after the prefix a region's name has the number of its process. */
    static void sweep(final String prefix) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(FOLDER, prefix + "*")) {
            for (final Path file : files) {
                final String pid = file.getFileName().toString().substring(prefix.length()).replaceFirst("(-[a-z]+)?(\\.sock)?$", "");
                if (!pid.matches("\\d{1,9}") || ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    Path region() {
        return region;
    }

    JobService jobs() {
        return jobs;
    }

    void blocking() throws IOException {
        use(ShardIdle.BLOCKING);
    }

    void spinning() throws IOException {
        use(ShardIdle.SPINNING);
    }

    private synchronized void use(final ShardIdle wanted) throws IOException {
        if (wanted != idle) {
            stop();
            final AgentContext context = new AgentContext().region(region).geometry(geometry).service(jobs).idle(wanted);
            services.forEach(context::service);
            agent = Agent.launch(context
                .shardPriority(wanted == ShardIdle.BLOCKING ? priority : 0) // one that spins at SCHED_FIFO would leave that CPU to nobody
                .shardCpu(wanted == ShardIdle.BLOCKING ? blockingCpu : 0));
            idle = wanted;
        }
    }

    private void stop() {
        if (agent != null) {
            agent.close();
            agent = null;
            idle = null;
        }
    }

    @Override
    public synchronized void close() {
        stop();
        try {
            Files.deleteIfExists(region);
        } catch (final IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
