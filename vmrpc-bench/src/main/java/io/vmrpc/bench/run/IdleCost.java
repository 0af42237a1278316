package io.vmrpc.bench.run;

import io.vmrpc.bench.jmh.AgentProcess;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.worker.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What waiting costs: CPU time of a parked vCPU's thread and of an idle agent's whole process, in ns per second, by windows of a second. */
final class IdleCost {
    private static final int WINDOWS = 20;
    private static final long WINDOW_NS = 1_000_000_000L;

    private IdleCost() {
    }

    /** Measures while the worker parks. */
    static List<Row> measure(final Bench bench, final Side side) throws IOException, InterruptedException {
        Scheduling.apply(Variants.VCPU_FIFO, side.threads());
        bench.begin(new Job("hold", "hold", 1, 0, (WINDOWS + 10) * WINDOW_NS, 0, "", 0, Map.of()));
        final Histogram vcpu = new Histogram(3_600_000_000_000L, 3);
        final Histogram agent = new Histogram(3_600_000_000_000L, 3);
        final Path region = Path.of("/dev/shm", "vmrpc-idle-" + ProcessHandle.current().pid());
        final Process idleAgent = AgentProcess.start(region, "block");
        try {
            Thread.sleep(5_000); // the start of job and agent is not idleness
            measure(side, idleAgent, vcpu, agent);
        } finally {
            idleAgent.getOutputStream().close();
            idleAgent.waitFor();
        }
        return List.of(Row.of("idle", "vcpu-parked", side.vm(), "none", Map.of(Variants.UNIT, "ns/s"), vcpu),
            Row.of("idle", "agent-idle", side.vm(), "none", Map.of(Variants.UNIT, "ns/s"), agent));
    }

    private static void measure(final Side side, final Process idleAgent, final Histogram vcpu, final Histogram agent)
        throws IOException, InterruptedException {
        final long vcpuThread = side.threads().get(0);
        for (int i = 0; i < WINDOWS; i++) {
            final long began = System.nanoTime();
            final long vcpuBefore = CpuTime.ofThread(side.pid(), vcpuThread);
            final long agentBefore = CpuTime.ofThreads(idleAgent.pid());
            Thread.sleep(1_000);
            final double seconds = (System.nanoTime() - began) / 1e9;
            vcpu.recordValue((long)((CpuTime.ofThread(side.pid(), vcpuThread) - vcpuBefore) / seconds));
            agent.recordValue((long)((CpuTime.ofThreads(idleAgent.pid()) - agentBefore) / seconds));
        }
    }

    /** One line for a person. */
    static String text(final List<Row> rows) {
        final StringBuilder text = new StringBuilder();
        for (final Row row : rows) {
            text.append(String.format(java.util.Locale.ROOT, "%-12s %.4f %% of a CPU on average, worst second %.4f %%%n", row.variant(),
                row.figures().mean() / 1e7, row.figures().max() / 1e7));
        }
        return text.append("Promised: under 0.2 % each.\n").toString();
    }
}
