package io.vmrpc.bench.worker;

import io.vmrpc.bench.report.AlternativeVariants;
import io.vmrpc.natives.NativeProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.agrona.IoUtil;

/** The control loop in C, {@code vmrpc-cycle}, as a process of a guest or of the host. Not thread-safe. */
public final class CycleProgram implements AutoCloseable {
    private static final String PROGRAM = "vmrpc-cycle";
    private static final String BEGIN = "begin";
    private static final Pattern END = Pattern.compile("end lost=(\\d+) busy_poll=([01])");
    private static final long HIGHEST_NS = 3_600_000_000_000L;
    private final Path folder = Files.createTempDirectory("vmrpc-cycle");
    private final Path samples = folder.resolve("samples");
    private final Process process;
    private final BufferedReader output;

    /**
     * What it measured.
     *
     * @param timer how late each cycle began, ns
     * @param exchange how long each exchange took, ns
     * @param lost answers that did not come within a second
     * @param hasBusyPoll whether the kernel polled the network for it
     */
    public record Result(Histogram timer, Histogram exchange, long lost, boolean hasBusyPoll) {
    }

    /**
     * Starts it and waits until it is ready for its first cycle.
     *
     * @param before what the command begins with, and executes the rest; may be empty.
     * @param job its parameters say how the program waits, and where.
     * @throws IOException if it cannot be started, with what it says of the reason.
     */
    public CycleProgram(final List<String> before, final Job job) throws IOException {
        final List<String> command = new ArrayList<>(before);
        command.add(NativeProgram.extract(PROGRAM, folder).toString());
        command.addAll(arguments(job));
        command.add(samples.toString());
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        final String said = output.readLine();
        if (!BEGIN.equals(said)) {
            close();
            throw new IOException(String.join(" ", command) + " did not begin: " + said);
        }
    }

    /** All but the file. */
    static List<String> arguments(final Job job) {
        final List<String> arguments = new ArrayList<>(List.of("-i", Long.toString(job.periodNs() / 1_000), "-n", Integer.toString(job.count()),
            "-w", Integer.toString(job.warmUp()), "-p", job.params().get(AlternativeVariants.PRIORITY)));
        if (!job.params().get(AlternativeVariants.PINNED).equals(AlternativeVariants.ANY)) {
            arguments.addAll(List.of("-a", job.params().get(AlternativeVariants.PINNED)));
        }
        if (job.params().get(AlternativeVariants.WAIT).equals(AlternativeVariants.POLLS)) {
            arguments.add("-b");
        }
        arguments.addAll(List.of(job.address(), Integer.toString(job.port())));
        return arguments;
    }

    /**
     * Waits for its end.
     *
     * @return its samples.
     * @throws IOException if it fails, with what it says of the reason.
     * @throws InterruptedException if interrupted; {@link #close} then ends it.
     */
    public Result await() throws IOException, InterruptedException {
        final String said = output.readLine();
        final Matcher end = END.matcher(String.valueOf(said));
        if (process.waitFor() != 0 || !end.matches()) {
            throw new IOException(PROGRAM + " failed (" + process.exitValue() + "): " + said);
        }
        return new Result(histogram(Path.of(samples + ".timer")), histogram(Path.of(samples + ".exchange")), Long.parseLong(end.group(1)),
            end.group(2).equals("1"));
    }

    private static Histogram histogram(final Path file) throws IOException {
        final LongBuffer values = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        final Histogram histogram = new Histogram(HIGHEST_NS, 3);
        while (values.hasRemaining()) {
            histogram.recordValue(values.get());
        }
        return histogram;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        IoUtil.delete(folder.toFile(), true);
    }
}
