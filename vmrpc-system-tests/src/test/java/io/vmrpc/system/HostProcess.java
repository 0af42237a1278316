package io.vmrpc.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A JVM on the host whose lines a test reads: a loopback guest, or an agent that can be killed. */
final class HostProcess implements AutoCloseable {
    private final Process process;
    private final GuestProcess lines;

    HostProcess(Class<?> main, String... arguments) throws IOException {
        List<String> command = JavaCommand.of(System.getProperty("java.home"), main, arguments);
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        lines = new GuestProcess(main.getSimpleName() + " on the host", this::send);
        Thread reader = new Thread(this::read, "host-process-output");
        reader.setDaemon(true);
        reader.start();
    }

    private void send(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    private void read() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line; (line = reader.readLine()) != null;) {
                lines.take(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    GuestProcess lines() {
        return lines;
    }

    /** SIGKILL; returns when it is gone. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
