package io.vmrpc.bench.run;

import io.vmrpc.bench.peer.PeerMain;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.PeerVariants;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.CloseHelper;

/**
 * Calls between two processes by VMRPC and by others, without a VM: those that spin against those that spin, on a CPU each; those that sleep against those that
 * sleep, on one CPU and where the kernel likes. All take turns.
 */
public final class PeerRuns {
    /** How it is measured, for the report. */
    static final List<String> METHOD = List.of(
        "Two JVMs for each way, kept for the whole run: a caller and a server, which answers a request with the same bytes when it has all of them. One call at a " +
            "time, clock read before and after; each way is warmed up by " + PeerPlan.FULL.firstCalls() + " calls, and shortly before each row. All ways take turns.",
        "CPU time (cpu_ns): of all threads of both processes while calls were measured, by call; compilers and collectors count.",
        "VMRPC: a channel in loopback; calls of 8 and 256 bytes in a region as it is by default (256 records a ring), of 16 KiB with 16, of 1 MiB with 4. " +
            "Spinning: caller and agent poll. Parked: the caller waits in a futex, the " +
            "agent in epoll_wait. gRPC-Java: Netty with epoll, one event loop a side, no protobuf, service on the loop (directExecutor), windows of " +
            "4 MiB, blocking stub. Netty: epoll, frames with a length, the caller's own thread drives its loop. JDK: blocking SocketChannel, direct buffers. Aeron: IPC, an " +
            "exclusive publication each way; its media driver is in the server's process, one thread, which sleeps a millisecond when idle.",
        "Ways that spin have a CPU for each end. Ways that sleep are measured with all threads that the ends start on one CPU (one), and free (any).");
    private static final String PREFIX = "vmrpc-peers-";
    private static final double START_SECONDS = 12;
    private final PrintStream log;
    private final PeerPlan plan;
    private final Results results;

    /**
     * Prepares a run.
     *
     * @param log where steps are told.
     * @param plan how much.
     * @param results get the rows.
     */
    public PeerRuns(final PrintStream log, final PeerPlan plan, final Results results) {
        this.results = results;
        this.log = log;
        this.plan = plan;
    }

    /**
     * Measures.
     *
     * @throws IOException if something cannot be started.
     * @throws InterruptedException if interrupted.
     */
    public void measure() throws IOException, InterruptedException {
        if (Scheduling.REAL_TIME_CPU == 0) {
            throw new IOException("both ends of a call spin, and this process may use one CPU only: give it two");
        }
        final List<String> variants = PeerMain.variants();
        final long sleeping = variants.stream().filter(variant -> !isSpinning(variant)).count();
        final double seconds = plan.turns() * (variants.size() + sleeping) * plan.partSeconds() + START_SECONDS + ChannelCost.SECONDS;
        try (ShmFolder folder = new ShmFolder(PREFIX)) {
            measure(variants, folder.path(), new Progress(log, seconds));
        }
    }

    private void measure(final List<String> variants, final Path folder, final Progress progress) throws IOException, InterruptedException {
        final Map<String, PeerPair> pairs = new LinkedHashMap<>();
        try {
            progress.step("starting " + 2 * variants.size() + " JVMs", START_SECONDS);
            for (final String variant : variants) {
                pairs.put(variant, new PeerPair(variant, plan, folder, log));
            }
            for (final Row row : Turns.take(plan.turns(), parts(pairs.values(), progress))) {
                results.add(pairs.get(row.variant()).withCpuTime(row));
            }
            progress.step("channels and sessions that do nothing", ChannelCost.SECONDS);
            results.addAll(ChannelCost.measure(folder, log));
        } finally {
            CloseHelper.closeAll(pairs.values());
        }
    }

    private static boolean isSpinning(final String variant) {
        return PeerVariants.waitOf(variant).equals(PeerVariants.SPINNING);
    }

    /** What is compared stands together. */
    private List<Turns.Part> parts(final Collection<PeerPair> pairs, final Progress progress) {
        final List<Turns.Part> parts = new ArrayList<>();
        for (final String cpus : List.of(PeerVariants.TWO_CPUS, PeerVariants.ONE_CPU, PeerVariants.ANY_CPU)) {
            pairs.stream().filter(pair -> isSpinning(pair.variant()) == cpus.equals(PeerVariants.TWO_CPUS))
                .forEach(pair -> parts.add(part(progress, pair, cpus)));
        }
        return parts;
    }

    private Turns.Part part(final Progress progress, final PeerPair pair, final String cpus) {
        return () -> {
            progress.step(pair.variant() + ", CPUs: " + cpus, plan.partSeconds());
            return pair.measure(cpus);
        };
    }
}
