package io.vmrpc.bench.peer;

import io.vmrpc.bench.report.PeerVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.RowLine;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.natives.CpuSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Main class of either process. Takes commands line by line and answers each with one line that begins with {@value #MARK}; ends with its standard input.
 *
 * <pre>
 *   serve VARIANT CPU BYTES FOLDER  ADDRESS   a server of such requests; CPU -1: anywhere
 *   connect VARIANT CPU ADDRESS   connected
 *   call BYTES MILLIS COUNT       COUNT       calls until the time is over, or so many are done
 *   row                           the row     of the last calls
 *   close                         closed      whatever is open
 *   host REGIONS CHANNELS FOLDER  done        an agent that sleeps
 *   join FROM TO FOLDER           done        a session in each of these regions
 *   open CHANNELS                 done        channels in each session, each with a request that is held
 *   heap                          BYTES
 * </pre>
 */
public final class PeerMain {
    /** What answers begin with. */
    public static final String MARK = "peer: ";
    private static final long HIGHEST_NS = 3_600_000_000_000L;
    private final Histogram histogram = new Histogram(HIGHEST_NS, 3);
    private Way way;
    private AutoCloseable end;
    private Way.Caller caller;
    private IdleChannels idle;
    private int bytes;

    private PeerMain() {
    }

    /**
     * What can be measured.
     *
     * @return variants of the bench {@link PeerVariants#PEERS}, those first that spin.
     */
    public static List<String> variants() {
        return Ways.ALL.stream().map(Way::variant).toList();
    }

    /**
     * Follows commands until there are no more.
     *
     * @param args none.
     * @throws Exception what a command came to: the process ends, and its error output says why.
     */
    public static void main(final String[] args) throws Exception {
        final PeerMain peer = new PeerMain();
        final PrintStream out = System.out;
        final BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                out.println(MARK + peer.follow(line.split(" ")));
                out.flush();
            }
            System.exit(0); // whatever threads a way has left
        } catch (final Exception | Error e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private String follow(final String[] words) throws Exception {
        switch (words[0]) {
            case "serve" -> {
                begin(words[1], words[2]);
                final Way.Server server = way.serve(Path.of(words[4]), Integer.parseInt(words[3]));
                end = server;
                return server.address();
            }
            case "connect" -> {
                begin(words[1], words[2]);
                caller = way.connect(words[3]);
                end = caller;
                return "connected";
            }
            case "call" -> {
                return Long.toString(calls(Integer.parseInt(words[1]), TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words[2])), Long.parseLong(words[3])));
            }
            case "row" -> {
                return RowLine.encode(Row.of(PeerVariants.PEERS, way.variant(), Variants.NO_VM, "none",
                    Map.of(PeerVariants.BYTES, Integer.toString(bytes), PeerVariants.WAIT, PeerVariants.waitOf(way.variant())), histogram));
            }
            case "close" -> {
                end.close();
                return "closed";
            }
            case "host", "join", "open", "heap" -> {
                return idle(words);
            }
            default -> throw new IllegalArgumentException("command " + words[0] + " is unknown: both processes must be of one build");
        }
    }

    private String idle(final String[] words) throws IOException, InterruptedException {
        switch (words[0]) {
            case "host" -> idleIn(words[3]).host(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
            case "join" -> idleIn(words[3]).connect(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
            case "open" -> idle.open(Integer.parseInt(words[1]));
            default -> {
                return Long.toString(IdleChannels.heap());
            }
        }
        return "done";
    }

    private IdleChannels idleIn(final String folder) {
        if (idle == null) {
            idle = new IdleChannels(Path.of(folder));
            end = idle;
        }
        return idle;
    }

    private void begin(final String variant, final String cpu) throws IOException {
        way = Ways.named(variant);
        final CpuSet cpus = cpu.equals("-1") ? CpuSet.all() : CpuSet.of(Integer.parseInt(cpu));
        if (cpus.applyTo(0) < 0) {
            throw new IOException("cannot run on CPU " + cpu + ": name one that this process may use");
        }
    }

    /** The clock is read before each call and after it, in every way alike. */
    private long calls(final int length, final long ns, final long most) throws Exception {
        histogram.reset();
        bytes = length;
        final long until = System.nanoTime() + ns;
        long now = System.nanoTime();
        while (now < until && histogram.getTotalCount() < most) {
            final int answered = caller.call(length);
            final long after = System.nanoTime();
            histogram.recordValue(Math.min(HIGHEST_NS, after - now));
            if (answered != length || caller.answer(length - 1) != Way.request(length - 1)) {
                throw new IOException(way.variant() + " answered " + length + " bytes by " + answered + " others");
            }
            now = System.nanoTime();
        }
        return histogram.getTotalCount();
    }
}
