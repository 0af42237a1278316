package io.vmrpc.bench.run;

import io.vmrpc.bench.peer.PeerMain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A JVM that follows the commands of {@link PeerMain}; it ends with this process, whose pipe is its standard input. */
final class PeerProcess implements AutoCloseable {
    private static final String ENDED = "";
    private static final int HEAP_MIB = 512;
    /** gRPC asks for keep-alive on Unix sockets too, and Netty warns that they have none. */
    private static final List<String> OPTIONS = List.of("-Dorg.slf4j.simpleLogger.log.io.netty.bootstrap=error");
    private static final long PATIENCE_SECONDS = 60;
    private final String role;
    private final Process process;
    private final PrintStream commands;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private volatile boolean isClosed;

    /** The role is for people. */
    PeerProcess(final String role, final PrintStream log) throws IOException {
        this.role = role;
        process = new ProcessBuilder(WorkerCommand.of(PeerMain.class, HEAP_MIB, OPTIONS)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        final Thread pump = new Thread(() -> pump(log), role + "-output");
        pump.setDaemon(true);
        pump.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    private void pump(final PrintStream log) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(PeerMain.MARK)) {
                    answers.add(line.substring(PeerMain.MARK.length()));
                } else {
                    log.println(line);
                }
            }
        } catch (final IOException e) {
            if (!isClosed) {
                log.println("the output of the " + role + " ended: " + e.getMessage());
            }
        }
        answers.add(ENDED);
    }

    long pid() {
        return process.pid();
    }

    /** Gives a command and waits for its answer. */
    String ask(final String command) throws IOException, InterruptedException {
        commands.println(command);
        final String answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (answer == null) {
            throw new IOException("the " + role + " did not answer '" + command + "' within " + PATIENCE_SECONDS + " s");
        }
        if (answer.equals(ENDED)) {
            throw new IOException("the " + role + " ended at '" + command + "': its error output above says why");
        }
        return answer;
    }

    @Override
    public void close() {
        isClosed = true;
        process.destroyForcibly();
    }
}
