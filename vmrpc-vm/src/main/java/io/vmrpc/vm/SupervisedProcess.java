package io.vmrpc.vm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** QEMU, or a server that it needs, under a supervisor, which ends it when this process does. */
final class SupervisedProcess {
    /** ETXTBSY, as the JDK says it. */
    private static final String BUSY = "error=26,";
    private static final int BUSY_TRIES = 100;
    private static final long BUSY_PAUSE_NS = 10_000_000;

    private final Process supervisor;

    private SupervisedProcess(Process supervisor) {
        this.supervisor = supervisor;
    }

    /**
     * @param name of the log and the lock in the run's folder
     * @param command program and arguments
     * @param environment variables of the program, in addition to this process's
     * @param remove what the supervisor removes at the end
     */
    static SupervisedProcess start(String name, List<String> command, RunFolder folder, Map<String, String> environment, List<Path> remove)
            throws IOException {
        Path lock = folder.file(name + ".lock");
        List<String> words = new ArrayList<>(List.of(NativeFiles.extract(NativeFiles.SUPERVISOR, folder.path()).toString(), "--lock", lock.toString()));
        for (Path path : remove) {
            words.addAll(List.of("--remove", path.toString()));
        }
        environment.forEach((variable, value) -> words.addAll(List.of("--set", variable + "=" + value)));
        words.add("--");
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words).redirectError(folder.file(name + ".log").toFile());
        try {
            return new SupervisedProcess(start(builder));
        } catch (IOException e) {
            throw new VmException("cannot start " + words.get(0) + " (" + e.getMessage() + "): is /tmp mounted noexec?", e);
        }
    }

    /**
     * A process that another thread starts at this moment holds our copy of the supervisor open for writing until its exec, and so ours fails
     * with ETXTBSY, though the copy has been written and closed.
     */
    private static Process start(ProcessBuilder builder) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                return builder.start();
            } catch (IOException e) {
                if (tries == BUSY_TRIES || !String.valueOf(e.getMessage()).contains(BUSY)) {
                    throw e;
                }
                LockSupport.parkNanos(BUSY_PAUSE_NS);
            }
        }
    }

    /** Runs the action once the program has ended: the supervisor closes its output then, and lives on until {@link #end()}. */
    void onEnd(Runnable action) {
        Thread thread = new Thread(() -> {
            try {
                supervisor.getInputStream().readAllBytes();
            } catch (IOException e) {
                // closed by end()
            }
            action.run();
        }, "vmrpc-end");
        thread.setDaemon(true);
        thread.start();
    }

    /** {@return the program's process id; it must have been heard of, so that the supervisor's child is the program} */
    long pid() {
        return supervisor.children().findFirst().map(ProcessHandle::pid).orElse(-1L);
    }

    /** {@return the ids of all its threads; empty once it has ended} */
    List<Long> threadIds() throws IOException {
        Path tasks = Path.of("/proc", Long.toString(pid()), "task");
        if (!Files.isDirectory(tasks)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(tasks)) {
            return entries.map(entry -> Long.parseLong(entry.getFileName().toString())).sorted().toList();
        }
    }

    /** Ends the program now: closing the pipe tells the supervisor, which also cleans up. */
    void end() throws InterruptedException {
        try {
            supervisor.getOutputStream().close();
        } catch (IOException e) {
            // the supervisor has ended already
        }
        if (!supervisor.waitFor(10, TimeUnit.SECONDS)) {
            supervisor.destroyForcibly().waitFor(); // the program gets SIGKILL by its parent-death signal
        }
    }

    /** {@return the last lines of a log, or nothing if there is none} */
    static List<String> lastLines(Path log, int count) {
        try {
            List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().map(String::stripTrailing)
                    .filter(line -> !line.isEmpty()).toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException e) {
            return List.of();
        }
    }
}
