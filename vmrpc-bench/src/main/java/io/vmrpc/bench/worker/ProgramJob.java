package io.vmrpc.bench.worker;

import io.vmrpc.bench.report.ResponseVariants;
import io.vmrpc.bench.report.Variants;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * A program that is another process, while the worker's thread waits for its end in the kernel: cyclictest, whose output {@link CyclictestOutput} reads, or one of
 * {@code native/} that writes its samples as 64-bit numbers.
 */
final class ProgramJob {
    /** Of the program and its shell, above the load: what is measured is SCHED_FIFO, but who starts it should not take long. */
    private static final int NICE = -15;
    private static final long HIGHEST_NS = 3_600_000_000_000L;
    private static final long PATIENCE_SECONDS = 40;
    private final OrdinaryThread ordinary;

    ProgramJob(final OrdinaryThread ordinary) {
        this.ordinary = ordinary;
    }

    Part run(final Job job) throws IOException {
        final Path samples = Files.createTempFile("vmrpc-program", ".samples");
        final Path output = Files.createTempFile("vmrpc-program", ".log");
        try {
            ordinary.run(() -> execute(job.params().get(Job.COMMAND).replace(Job.SAMPLES, samples.toString()), output, limitSeconds(job)));
            final Map<String, String> params = new HashMap<>(job.params());
            params.remove(Job.COMMAND);
            return new Part(params, read(job, samples));
        } finally {
            Files.delete(samples);
            Files.delete(output);
        }
    }

    private static long limitSeconds(final Job job) {
        return PATIENCE_SECONDS + 4 * job.count() * job.periodNs() / 1_000_000_000;
    }

    private static void execute(final String command, final Path output, final long limitSeconds) throws IOException {
        final Process process = new ProcessBuilder("setpriv", "--pdeathsig", "KILL", "nice", "-n", Integer.toString(NICE), "timeout", "-k", "5",
            Long.toString(limitSeconds), "sh", "-c", command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            process.waitFor(limitSeconds + 10, TimeUnit.SECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        final String said = Files.readString(output, StandardCharsets.UTF_8).strip();
        if (process.isAlive() || process.exitValue() != 0) {
            throw new IOException(command + " failed" + (process.isAlive() ? "" : " (" + process.exitValue() + ")") + ": " + said);
        }
        if (said.lines().anyMatch(line -> line.startsWith("vmrpc"))) { // it then runs the program as it would have run without
            throw new IOException("VMRPC does not serve " + command + ": " + said);
        }
    }

    private static Histogram read(final Job job, final Path samples) throws IOException {
        final boolean isCyclictest = job.variant().startsWith(Variants.CYCLICTEST);
        final Histogram found = isCyclictest ? CyclictestOutput.samples(Files.readString(samples), job.warmUp()) : numbers(Files.readAllBytes(samples));
        if (found.getTotalCount() == 0) {
            throw new IOException(job.variant() + " wrote no samples");
        }
        return "oneshot".equals(job.params().get(Variants.KIND)) ? found : Omission.corrected(found, job.periodNs());
    }

    private static Histogram numbers(final byte[] bytes) {
        final LongBuffer values = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        final Histogram histogram = new Histogram(HIGHEST_NS, 3);
        while (values.hasRemaining()) {
            histogram.recordValue(values.get());
        }
        return histogram;
    }

    /** Whether the region must be free for another process of the guest. */
    static boolean isAlone(final Job job) {
        return job.bench().equals(ResponseVariants.PROGRAM) && job.variant().endsWith("-vmrpc");
    }
}
