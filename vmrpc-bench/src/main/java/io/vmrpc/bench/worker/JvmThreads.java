package io.vmrpc.bench.worker;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The JVM's own threads. At a safepoint every Java thread waits for them, a real-time one too; beside programs that compute they would get the CPU a time slice later,
 * or several. So they go before ordinary programs. Who runs a real-time Java program does the same (docs/operations.md).
 */
final class JvmThreads {
    /** What the names of HotSpot's threads begin with that take part in safepoints or compile. */
    private static final List<String> NAMES = List.of("VM Thread", "VM Periodic", "C1 Compiler", "C2 Compiler", "Sweeper");
    private static final String NICE = "-15";

    private JvmThreads() {
    }

    /** Gives them their nice value; says so if it cannot. Threads that they start inherit it, threads of others do not. */
    static void favour() throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>(List.of("renice", "-n", NICE, "-p"));
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (final Path task : tasks) {
                final String name = Files.readString(task.resolve("comm"));
                if (NAMES.stream().anyMatch(name::startsWith)) {
                    command.add(task.getFileName().toString());
                }
            }
        }
        final Process renice = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String said = new String(renice.getInputStream().readAllBytes());
        if (renice.waitFor() != 0) {
            System.err.println("worker: the JVM's threads stay ordinary: " + said.strip());
        }
    }
}
