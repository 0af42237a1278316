package io.vmrpc.bench.peer;

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
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Main class of either process. Takes commands line by line and answers each with one line that begins with {@value #MARK}; ends with its standard input.
 *
 * <pre>
 *   serve VARIANT CPU FOLDER      ADDRESS     a server; CPU -1: anywhere
 *   connect VARIANT CPU ADDRESS   connected
 *   warm BYTES MILLIS             COUNT       calls that are not recorded
 *   measure BYTES MILLIS          COUNT
 *   row                           the row     of the last measure
 *   close                         closed      caller or server
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
    private int bytes;

    private PeerMain() {
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
                final Way.Server server = way.serve(Path.of(words[3]));
                end = server;
                return server.address();
            }
            case "connect" -> {
                begin(words[1], words[2]);
                caller = way.connect(words[3]);
                end = caller;
                return "connected";
            }
            case "warm", "measure" -> {
                return Long.toString(calls(Integer.parseInt(words[1]), Long.parseLong(words[2]) * 1_000_000));
            }
            case "row" -> {
                return RowLine.encode(Row.of(Variants.PEERS, way.variant(), Variants.NO_VM, "none", Map.of(Variants.BYTES, Integer.toString(bytes)), histogram));
            }
            case "close" -> {
                end.close();
                return "closed";
            }
            default -> throw new IllegalArgumentException("command " + words[0] + " is unknown: both processes must be of one build");
        }
    }

    private void begin(final String variant, final String cpu) throws IOException {
        way = Ways.named(variant);
        final CpuSet cpus = cpu.equals("-1") ? CpuSet.all() : CpuSet.of(Integer.parseInt(cpu));
        if (cpus.applyTo(0) < 0) {
            throw new IOException("cannot run on CPU " + cpu + ": name one that this process may use");
        }
    }

    /** The clock is read before each call and after it, in every way alike. */
    private long calls(final int length, final long ns) throws Exception {
        histogram.reset();
        bytes = length;
        final long until = System.nanoTime() + ns;
        long now = System.nanoTime();
        while (now < until) {
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
