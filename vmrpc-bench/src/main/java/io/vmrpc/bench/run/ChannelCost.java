package io.vmrpc.bench.run;

import io.vmrpc.bench.report.PeerVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.layout.Geometry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What one more channel costs, and one more session, that wait for something: CPU time of agent and guest, and the agent's memory. Each channel has one request
 * that the agent withholds. The agent sleeps. Differences between none and many, by their number.
 */
final class ChannelCost implements AutoCloseable {
    static final double SECONDS = 16;
    private static final int CHANNELS = 200;
    private static final int SESSIONS = 50;
    private static final int WINDOW_MILLIS = 3_000;
    private final PeerProcess agent;
    private final PeerProcess guests;

    private ChannelCost(final PrintStream log) throws IOException {
        agent = new PeerProcess("agent of idle channels", log);
        guests = new PeerProcess("guests of idle channels", log);
    }

    /** What is there at one time: bytes, and ns of CPU per second of both processes. */
    private record State(long heap, long resident, double cpu) {
    }

    static List<Row> measure(final Path folder, final PrintStream log) throws IOException, InterruptedException {
        return measure(folder, log, CHANNELS, SESSIONS, WINDOW_MILLIS);
    }

    static List<Row> measure(final Path folder, final PrintStream log, final int channelCount, final int sessionCount, final int windowMillis)
        throws IOException, InterruptedException {
        final List<Row> rows = new ArrayList<>();
        final Geometry usual = Geometry.DEFAULT;
        final Geometry many = new Geometry(usual.slotCount(), 256, usual.ringCapacity(), usual.payloadCapacity());
        try (ChannelCost channels = new ChannelCost(log)) {
            channels.agent.ask("host 1 " + many.channelCount() + " " + folder);
            channels.guests.ask("join 0 1 " + folder);
            channels.guests.ask("open 1"); // so that the classes are there
            final State none = channels.state(windowMillis);
            channels.guests.ask("open " + channelCount);
            rows.addAll(rows("channel", none, channels.state(windowMillis), channelCount, many.channelStride()));
            channels.end();
        }
        try (ChannelCost sessions = new ChannelCost(log)) {
            sessions.agent.ask("host " + (sessionCount + 1) + " " + usual.channelCount() + " " + folder);
            sessions.guests.ask("join 0 1 " + folder);
            sessions.guests.ask("open 1");
            final State one = sessions.state(windowMillis);
            sessions.guests.ask("join 1 " + (sessionCount + 1) + " " + folder);
            sessions.guests.ask("open 1");
            rows.addAll(rows("session", one, sessions.state(windowMillis), sessionCount, usual.regionLength()));
            sessions.end();
        }
        return rows;
    }

    private State state(final int windowMillis) throws IOException, InterruptedException {
        final long heap = Long.parseLong(agent.ask("heap"));
        Thread.sleep(windowMillis / 6); // the collection's own work is over
        final long used = CpuTime.ofThreads(agent.pid(), guests.pid());
        final long before = System.nanoTime();
        Thread.sleep(windowMillis);
        return new State(heap, resident(agent.pid()), (CpuTime.ofThreads(agent.pid(), guests.pid()) - used) * 1e9 / (System.nanoTime() - before));
    }

    /** Pages of the process in memory, those of regions included: proc(5). */
    private static long resident(final long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream().filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024).findFirst().orElseThrow();
    }

    /** A difference below what can be measured is shown as 0. */
    private static List<Row> rows(final String what, final State before, final State after, final int count, final long region) {
        return List.of(row(what + "-cpu", PeerVariants.CPU_PER_SECOND, count, (after.cpu() - before.cpu()) / count),
            row(what + "-region", PeerVariants.MEMORY, count, region),
            row(what + "-resident", PeerVariants.MEMORY, count, (double)(after.resident() - before.resident()) / count),
            row(what + "-heap", PeerVariants.MEMORY, count, (double)(after.heap() - before.heap()) / count));
    }

    private static Row row(final String variant, final String unit, final int count, final double value) {
        final Histogram figure = new Histogram(5);
        figure.recordValue(Math.max(0, Math.round(value)));
        return Row.of(PeerVariants.CHANNELS, variant, Variants.NO_VM, "none", Map.of(Variants.UNIT, unit, "count", Integer.toString(count)), figure);
    }

    private void end() throws IOException, InterruptedException {
        guests.ask("close");
        agent.ask("close");
    }

    @Override
    public void close() {
        guests.close();
        agent.close();
    }
}
