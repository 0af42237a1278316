package io.vmrpc.system;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code ./vmrpc vm} in a process of its own, so that a test can kill it. */
final class Runner implements AutoCloseable {
    static final long WATCHDOG_SECONDS = 50;

    private final Path output;
    private final Path errors;
    private final Process process;

    private Runner(Path output, Path errors, Process process) {
        this.output = output;
        this.errors = errors;
        this.process = process;
    }

    /**
     * @param folder for the output's files; also the guest command's working folder
     * @param arguments of {@code ./vmrpc vm}
     */
    static Runner start(Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp", System.getProperty("java.class.path"), "io.vmrpc.cli.Main", "vm"));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(folder, "stdout", ".txt");
        Path errors = Files.createTempFile(folder, "stderr", ".txt");
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectInput(Redirect.from(new File("/dev/null")))
                .redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
        return new Runner(output, errors, process);
    }

    Process process() {
        return process;
    }

    /** {@return the exit status; the watchdog fails the test} */
    int waitFor() throws InterruptedException, IOException {
        if (!process.waitFor(WATCHDOG_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still running after " + WATCHDOG_SECONDS + " s: " + errors());
        }
        return process.exitValue();
    }

    /** Waits until the command in the guest has written this line. */
    void awaitOutput(String text) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WATCHDOG_SECONDS);
        while (!output().contains(text)) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                throw new AssertionError("no '" + text + "' in the output: " + output() + errors());
            }
            Thread.sleep(20);
        }
    }

    /** Waits until a process of that name runs below this one, and returns it. */
    ProcessHandle awaitDescendant(String name) throws InterruptedException, IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WATCHDOG_SECONDS);
        while (System.nanoTime() - deadline < 0 && process.isAlive()) {
            var found = process.descendants().filter(each -> each.info().command().orElse("").endsWith(name)).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            Thread.sleep(5);
        }
        throw new AssertionError("no process " + name + ": " + errors());
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    byte[] outputBytes() throws IOException {
        return Files.readAllBytes(output);
    }

    String errors() throws IOException {
        return Files.readString(errors);
    }

    byte[] errorBytes() throws IOException {
        return Files.readAllBytes(errors);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
