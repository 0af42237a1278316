package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import io.vmrpc.bench.worker.CyclictestOutput;
import io.vmrpc.natives.NativeProgram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import org.agrona.IoUtil;

/** Instruments that are not ours: cyclictest of rt-tests; and the machine's own limits, measured by a C program. */
final class Instruments {
    static final long HIGHEST_NS = 3_600_000_000_000L;
    private static final int HISTOGRAM_US = 400_000;

    /** If this process is killed, the instrument ends too, and removes what it has in /dev/shm instead of dying of SIGPIPE. */
    private static final List<String> GUARD = List.of("sh", "-c", "trap '' PIPE; exec setpriv --pdeathsig TERM \"$@\"", "instrument");

    private Instruments() {
    }

    /** cyclictest on the host, at the priority of the long poll's vCPU thread; its resolution is 1 us. */
    static Row cyclictest(final long periodNs, final int count, final String load, final Map<String, String> params)
        throws IOException, InterruptedException {
        return Row.of(Variants.TIMER, Variants.HOST_CYCLICTEST, "none", load, params, CyclictestOutput.histogram(run(cyclictest(1, periodNs, count, "-h", Integer.toString(HISTOGRAM_US)))));
    }

    /** The command, with more options. */
    static List<String> cyclictest(final int threads, final long periodNs, final int loops, final String... more) {
        final List<String> command = new ArrayList<>(List.of("cyclictest", "--mlockall", "--quiet", "-t", Integer.toString(threads),
            "-p", Integer.toString(Scheduling.PRIORITY), "-i", Long.toString(periodNs / 1000), "-l", Integer.toString(loops)));
        command.addAll(List.of(more));
        return command;
    }

    /** C ping-pong over shared memory between two processes, {@code spin} or {@code futex}. */
    static Row limit(final String kind, final int count, final String load) throws IOException, InterruptedException {
        return sampled("vmrpc-limits", List.of(), file -> List.of(kind, "--count", Integer.toString(count), "--out", file),
            samples -> Row.of(Variants.RPC, kind.equals("spin") ? Variants.LIMIT_SPIN : Variants.LIMIT_FUTEX, "none", load, Map.of(), samples));
    }

    /** The same exchange as a guest's by a C program on the host, on the CPU of the real-time vCPU's thread and with its priority. */
    static Row exchange(final String variant, final String address, final int port, final int sockets, final int count, final Map<String, String> params)
        throws IOException, InterruptedException {
        return sampled("vmrpc-net-client", List.of("chrt", "-f", Integer.toString(Scheduling.PRIORITY), "taskset", "-c", Integer.toString(Scheduling.REAL_TIME_CPU)),
            file -> List.of(variant.contains("tcp") ? "tcp" : "udp", address, Integer.toString(port), Integer.toString(sockets), Integer.toString(count), file),
            samples -> Row.of(Variants.NET, variant, "none", "none", params, samples));
    }

    /** Runs a program of native/ that writes its samples to a file. */
    private static Row sampled(final String name, final List<String> before, final Function<String, List<String>> arguments, final Function<Histogram, Row> row)
        throws IOException, InterruptedException {
        final Path folder = Files.createTempDirectory(name);
        try {
            final Path samples = folder.resolve("samples");
            final List<String> command = new ArrayList<>(before);
            command.add(NativeProgram.extract(name, folder).toString());
            command.addAll(arguments.apply(samples.toString()));
            run(command);
            return row.apply(samples(Files.readAllBytes(samples)));
        } finally {
            IoUtil.delete(folder.toFile(), true);
        }
    }

    /** What a program of native/ writes with {@code --out}: little-endian 64-bit numbers, ns. */
    static Histogram samples(final byte[] bytes) {
        final LongBuffer values = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        final Histogram histogram = new Histogram(HIGHEST_NS, 3);
        while (values.hasRemaining()) {
            histogram.recordValue(values.get());
        }
        return histogram;
    }

    static String run(final List<String> command) throws IOException, InterruptedException {
        final List<String> guarded = new ArrayList<>(GUARD);
        guarded.addAll(command);
        final Process process = new ProcessBuilder(guarded).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed (" + process.exitValue() + "): " + output.strip());
        }
        return output;
    }
}
