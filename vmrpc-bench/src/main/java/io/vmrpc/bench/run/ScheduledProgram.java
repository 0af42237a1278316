package io.vmrpc.bench.run;

import io.vmrpc.bench.density.Commands;
import io.vmrpc.bench.density.Schedule;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.RowLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A program that runs schedules: told by lines, answers by rows, ends with its input. */
final class ScheduledProgram implements AutoCloseable {
    private static final long START_SECONDS = 120; // the slowest, some JVMs in an emulated guest, need 20 s
    private static final long PATIENCE_SECONDS = 180;
    private static final long END_SECONDS = 10;
    private static final String OVER = "";
    private final String name;
    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    /** Starts it; {@link #awaitReady} is to be called before anything else. */
    ScheduledProgram(final String name, final List<String> command) throws IOException {
        this.name = name;
        process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        final Thread reader = new Thread(this::read, name + "-output");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            out.lines().forEach(lines::add);
        } catch (final IOException | java.io.UncheckedIOException e) {
            // as good as its end
        }
        lines.add(OVER);
    }

    ScheduledProgram awaitReady() throws IOException, InterruptedException {
        while (!next(START_SECONDS).equals(Commands.READY)) {
            continue; // warnings of its libraries
        }
        return this;
    }

    long pid() {
        return process.pid();
    }

    /** Says when; {@link #rows} then waits. */
    void tell(final Schedule schedule) throws IOException {
        say(schedule.line());
    }

    void say(final String line) throws IOException {
        process.getOutputStream().write((line + '\n').getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Of a program that answers with rows. */
    List<Row> rows() throws IOException, InterruptedException {
        return answer().stream().filter(RowLine::isRow).map(RowLine::decode).toList();
    }

    /** All lines up to the one that says that it is done. */
    List<String> answer() throws IOException, InterruptedException {
        final List<String> answer = new ArrayList<>();
        for (String line; !(line = next(PATIENCE_SECONDS)).equals(Commands.DONE);) {
            answer.add(line);
        }
        return answer;
    }

    /** The next line of its output. */
    private String next(final long seconds) throws IOException, InterruptedException {
        final String line = lines.poll(seconds, TimeUnit.SECONDS);
        if (line == null || line.equals(OVER)) {
            throw new IOException(name + (line == null ? " did not answer within " + seconds + " s"
                : " has ended too early: its error output says why"));
        }
        return line;
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (final IOException e) {
            process.destroyForcibly();
        } catch (final InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
