package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Variants;
import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import io.vmrpc.vm.Accelerator;
import io.vmrpc.vm.FreestandingConfig;
import io.vmrpc.vm.FreestandingGuest;
import io.vmrpc.vm.ParkMode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.agrona.collections.LongArrayList;

/**
 * A VM with the freestanding guest, its region and its agent. The vCPU's thread is SCHED_FIFO and pinned, the agent's shard shares its CPU one priority
 * class below, as in the other benchmarks. Between two measurements the VM is stopped, so that it costs those of others nothing.
 */
final class FreestandingSide implements AutoCloseable {
    private static final String PREFIX = "vmrpc-freestanding-";
    private static final long BOOT_SECONDS = 120;
    private static final long ANSWER_SECONDS = 60;
    private final Path region;
    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor(task -> daemon(task));
    private final OrderService orders = new OrderService(later);
    private final Agent agent;
    private final FreestandingGuest guest;
    private boolean isStopped;

    FreestandingSide(final Accelerator accelerator, final ParkMode park, final int sliceUs) throws IOException, InterruptedException {
        Agents.sweep(PREFIX);
        region = Path.of("/dev/shm", PREFIX + ProcessHandle.current().pid() + "-" + park.word());
        agent = Agent.launch(new AgentContext().region(region).service(orders).shardPriority(Agents.PRIORITY).shardCpu(Scheduling.REAL_TIME_CPU)
            .removeRegionsOnClose(true));
        try {
            guest = FreestandingGuest.start(FreestandingConfig.of("bench").accelerator(accelerator).park(park).region(region)
                .environment(Map.of("VMRPC_SLICE_US", Integer.toString(sliceUs))));
        } catch (final IOException | RuntimeException e) {
            agent.close();
            throw e;
        }
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(agent::close)); // it removes the region; the guest has a hook of its own
            guest.awaitLine("bench", Duration.ofSeconds(BOOT_SECONDS));
            stop();
        } catch (final IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private static Thread daemon(final Runnable task) {
        final Thread thread = new Thread(task, "bench-wake");
        thread.setDaemon(true);
        return thread;
    }

    /** What the guest measured, ns, in its order. */
    LongArrayList measure(final Order order) throws IOException, InterruptedException {
        resume();
        if (!orders.give(order, ANSWER_SECONDS)) {
            throw new IOException("the freestanding guest did not ask for an order within " + ANSWER_SECONDS + " s; " + guest.log());
        }
        final long seconds = ANSWER_SECONDS + 4L * order.count() * order.periodNs() / 1_000_000_000;
        final LongArrayList samples = orders.await(seconds)
            .orElseThrow(() -> new IOException("the freestanding guest sent no samples of " + order + " within " + seconds + " s; " + guest.log()));
        stop();
        return samples;
    }

    private void resume() throws IOException {
        if (isStopped) {
            guest.qmp().execute("cont");
            isStopped = false;
        }
        Scheduling.apply(Variants.VCPU_FIFO, guest.vcpuThreadIds().subList(0, 1));
    }

    private void stop() throws IOException {
        guest.qmp().execute("stop");
        isStopped = true;
    }

    @Override
    public void close() {
        guest.close();
        agent.close();
        later.shutdownNow();
    }
}
