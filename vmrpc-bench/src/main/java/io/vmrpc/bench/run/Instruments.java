package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
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
import org.HdrHistogram.Histogram;
import org.agrona.IoUtil;

/** Instruments that are not ours: cyclictest of rt-tests; and the machine's own limits, measured by a C program. */
final class Instruments {
    private static final long HIGHEST_NS = 3_600_000_000_000L;
    private static final int HISTOGRAM_US = 400_000;

    private Instruments() {
    }

    /** cyclictest on the host, at the priority of the long poll's vCPU thread; its resolution is 1 us. */
    static Row cyclictest(final long periodNs, final int count, final String load, final Map<String, String> params)
        throws IOException, InterruptedException {
        final String output = run(List.of("cyclictest", "--mlockall", "--quiet", "-t", "1", "-p", Integer.toString(Scheduling.PRIORITY),
            "-i", Long.toString(periodNs / 1000), "-l", Integer.toString(count), "-h", Integer.toString(HISTOGRAM_US)));
        final Histogram histogram = new Histogram(HIGHEST_NS, 3);
        output.lines().filter(line -> line.matches("\\d+\\s+\\d+\\s*")).map(line -> line.trim().split("\\s+")).forEach(fields -> {
            if (Long.parseLong(fields[1]) > 0) {
                histogram.recordValueWithCount(Long.parseLong(fields[0]) * 1000, Long.parseLong(fields[1]));
            }
        });
        addOverflows(output, histogram);
        return Row.of(Variants.TIMER, Variants.HOST_CYCLICTEST, "none", load, params, histogram);
    }

    /** What was later than the histogram reaches is known by number and by the maximum only: counted as late as the maximum. */
    private static void addOverflows(final String output, final Histogram histogram) {
        final long overflows = number(output, "# Histogram Overflows:");
        if (overflows > 0) {
            histogram.recordValueWithCount(number(output, "# Max Latencies:") * 1000, overflows);
        }
    }

    private static long number(final String output, final String label) {
        return output.lines().filter(line -> line.startsWith(label)).map(line -> line.substring(label.length()).trim())
            .filter(text -> !text.isEmpty()).mapToLong(Long::parseLong).findFirst().orElse(0);
    }

    /** C ping-pong over shared memory between two processes, {@code spin} or {@code futex}. */
    static Row limit(final String kind, final int count, final String load) throws IOException, InterruptedException {
        final Path folder = Files.createTempDirectory("vmrpc-limits");
        try {
            final Path program = NativeProgram.extract("vmrpc-limits", folder);
            final Path samples = folder.resolve("samples");
            run(List.of(program.toString(), kind, "--count", Integer.toString(count), "--out", samples.toString()));
            final LongBuffer values = ByteBuffer.wrap(Files.readAllBytes(samples)).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
            final Histogram histogram = new Histogram(HIGHEST_NS, 3);
            while (values.hasRemaining()) {
                histogram.recordValue(values.get());
            }
            return Row.of(Variants.RPC, kind.equals("spin") ? Variants.LIMIT_SPIN : Variants.LIMIT_FUTEX, "none", load, Map.of(), histogram);
        } finally {
            IoUtil.delete(folder.toFile(), true);
        }
    }

    private static String run(final List<String> command) throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed (" + process.exitValue() + "): " + output.strip());
        }
        return output;
    }
}
