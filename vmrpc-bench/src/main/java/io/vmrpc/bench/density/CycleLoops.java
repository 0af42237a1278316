package io.vmrpc.bench.density;

import io.vmrpc.bench.report.Row;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Main class: many control loops, each on a thread of its own: sessions with an agent, or conventional threads. */
public final class CycleLoops {
    /** Loops that park: sessions. */
    public static final String PARKED = "parked";
    /** Conventional ones. */
    public static final String HOST = "host";
    private final List<LoopThread> threads = new ArrayList<>();
    private final BlockingQueue<LoopThread.Outcome> outcomes = new LinkedBlockingQueue<>();

    private CycleLoops() {
    }

    /**
     * Runs schedules until its input ends.
     *
     * @param args {@link #PARKED} or {@link #HOST}, the variant that its rows name, folder of the regions, number of loops, the peer's
     *     address and port, SCHED_FIFO priority (0: none) and CPU (-1: any).
     * @throws IOException if a loop fails.
     * @throws InterruptedException never.
     */
    public static void main(final String[] args) throws IOException, InterruptedException {
        final InetSocketAddress peer = new InetSocketAddress(args[4], Integer.parseInt(args[5]));
        final int priority = Integer.parseInt(args[6]);
        final int cpu = Integer.parseInt(args[7]);
        final CycleLoops loops = new CycleLoops();
        for (int i = 0; i < Integer.parseInt(args[3]); i++) {
            final Path region = CycleAgent.region(Path.of(args[2]), i);
            loops.start(args[0].equals(PARKED) ? () -> new ParkedLoop(region, peer, priority, cpu) : () -> new HostLoop(peer, priority));
        }
        Commands.obey(schedule -> loops.run(schedule, args[1]));
        System.exit(0); // the threads wait for schedules
    }

    private void start(final LoopThread.Maker maker) throws IOException, InterruptedException {
        final LoopThread thread = new LoopThread(threads.size(), maker, outcomes);
        threads.add(thread);
        thread.start();
        outcomes.take().check();
    }

    private List<Row> run(final Schedule schedule, final String variant) throws IOException, InterruptedException {
        for (int i = 0; i < schedule.loops(); i++) {
            threads.get(i).give(schedule);
        }
        final CycleSamples samples = new CycleSamples(schedule);
        for (int i = 0; i < schedule.loops(); i++) {
            outcomes.take().check().addTo(samples);
        }
        return samples.rows(variant, "none");
    }
}
