package io.vmrpc.host;

import io.vmrpc.natives.CpuSet;
import io.vmrpc.natives.Errno;
import io.vmrpc.natives.Native;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that drives a shard, from opening its regions to closing them. */
final class ShardThread implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ShardThread.class);
    /** Turns between two looks at the sockets while the rings keep the shard busy or it spins: a look is a system call. */
    private static final int TURNS_PER_IO = 256;
    private final AgentContext agent;
    private final List<Path> regions;
    private final int index;
    private final CompletableFuture<Shard> started = new CompletableFuture<>();
    private final Thread thread;
    private Shard shard;
    private volatile boolean isRunning = true;

    ShardThread(final AgentContext agent, final List<Path> regions, final int index) {
        this.agent = agent;
        this.regions = regions;
        this.index = index;
        thread = agent.threadFactory().newThread(this);
        thread.setName("vmrpc-shard-" + index);
    }

    /** Done when the regions are served, or with the reason why they cannot be. */
    CompletableFuture<Shard> start() {
        thread.start();
        return started;
    }

    /** Returns when the regions are closed. */
    void stop() {
        isRunning = false;
        if (shard != null) {
            wake();
        }
        boolean wasInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException e) {
                wasInterrupted = true;
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A task, because a mere wake-up that comes just before the shard blocks is lost. */
    private void wake() {
        try {
            shard.execute(() -> { });
        } catch (final RejectedExecutionException e) {
            LOG.debug("shard {} has stopped by itself", index);
        }
    }

    @Override
    public void run() {
        try {
            schedule();
            shard = new Shard(Thread.currentThread(), agent.clock());
            shard.open(regions, agent);
        } catch (final IOException | RuntimeException | Error e) {
            started.completeExceptionally(e);
            return;
        }
        started.complete(shard);
        try {
            loop();
        } catch (final RuntimeException | Error e) {
            LOG.error("shard {} failed: its guests have lost their agent; please report this", index, e);
        } finally {
            shard.close();
        }
    }

    private void schedule() throws IOException {
        Native.ensureAvailable();
        Errno.check(Native.vmrpc_set_timer_slack(1), "prctl(PR_SET_TIMERSLACK)");
        if (agent.shardCpu() >= 0) {
            final int cpu = agent.shardCpu() + index;
            Errno.check(CpuSet.of(cpu).applyTo(0), "sched_setaffinity(shardCpu=" + cpu + ")");
        }
        if (agent.shardPriority() > 0) {
            Errno.check(Native.vmrpc_set_scheduler(0, Native.SCHED_FIFO, agent.shardPriority()),
                "sched_setscheduler(SCHED_FIFO, shardPriority=" + agent.shardPriority() + ")");
        }
    }

    private void loop() {
        final long spinNs = agent.idle().spinNs();
        long idleSince = System.nanoTime();
        int turns = 0;
        while (isRunning) {
            final boolean isBusy = shard.turn() > 0;
            if (++turns % TURNS_PER_IO == 0) {
                shard.runNow();
            }
            if (spinNs == Long.MAX_VALUE) {
                if (!isBusy) {
                    Thread.onSpinWait();
                }
            } else if (isBusy) {
                idleSince = spinNs == 0 ? 0 : System.nanoTime();
            } else if (spinNs == 0 || System.nanoTime() - idleSince >= spinNs) {
                shard.sleep();
            } else {
                Thread.onSpinWait();
            }
        }
    }
}
