package io.vmrpc.bench.run;

import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import io.vmrpc.host.ShardIdle;
import io.vmrpc.layout.Geometry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
    private final Path region;
    private final JobService jobs = new JobService();
    private final int blockingCpu;
    private final int priority;
    private ShardIdle idle;
    private Agent agent;

    Agents(final boolean isLoopback) throws IOException {
        priority = isLoopback ? 0 : PRIORITY;
        blockingCpu = isLoopback ? 0 : Scheduling.REAL_TIME_CPU;
        region = Path.of("/dev/shm", "vmrpc-bench-" + ProcessHandle.current().pid());
        Files.deleteIfExists(region);
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
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
            agent = Agent.launch(new AgentContext().region(region).geometry(Geometry.DEFAULT).service(jobs).idle(wanted)
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
