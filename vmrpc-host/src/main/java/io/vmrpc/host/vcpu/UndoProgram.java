package io.vmrpc.host.vcpu;

import io.vmrpc.natives.NativeProgram;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code vmrpc-undo}, which is told of each change before it is made, and takes them all back when its pipe closes: by
 * {@link #close()}, or because this process has ended.
 */
final class UndoProgram implements AutoCloseable {
    private static final int GONE = 3;
    private static final int TAKEN = 4;
    private static final int NO_GUARD = 5;
    private static final int LONGEST_S = 20;
    private static final String READY = "ready\n";
    private final VcpuThread thread;
    private final List<String> lines = new ArrayList<>();
    private Process process;

    private UndoProgram(final VcpuThread thread, final int share) throws IOException {
        this.thread = thread;
        process = start(thread, share == 0 ? "" : Integer.toString(share));
    }

    /**
     * Locks the thread: it has one control at a time.
     *
     * @param share of a CPU in percent that its guard allows; 0: no guard.
     */
    static UndoProgram of(final VcpuThread thread, final int share) throws IOException {
        return new UndoProgram(thread, share);
    }

    private static Process start(final VcpuThread thread, final String mode) throws IOException {
        final Path folder = Files.createTempDirectory("vmrpc-undo-");
        final Path program = folder.resolve("vmrpc-undo");
        try {
            NativeProgram.extract("vmrpc-undo", folder);
            final Process process = launch(program, thread, mode);
            final byte[] ready = process.getInputStream().readNBytes(READY.length());
            if (ready.length == 0) {
                throw refusal(process, thread);
            }
            return process;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting " + program, e);
        } finally {
            Files.deleteIfExists(program); // it runs, or never will
            Files.deleteIfExists(folder);
        }
    }

    private static Process launch(final Path program, final VcpuThread thread, final String mode) throws IOException {
        final List<String> words = new ArrayList<>(List.of(program.toString(), Integer.toString(thread.pid()), Integer.toString(thread.tid()),
            Long.toString(thread.startTime())));
        if (!mode.isEmpty()) {
            words.add(mode);
        }
        try {
            return new ProcessBuilder(words).start();
        } catch (final IOException e) {
            throw new VcpuControlException("cannot start " + program + " (" + e.getMessage() + "): if /tmp is mounted noexec, set -Djava.io.tmpdir", e);
        }
    }

    private static VcpuControlException refusal(final Process process, final VcpuThread thread) throws IOException, InterruptedException {
        final String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        final int status = process.waitFor();
        final String who = "vCPU " + thread.index() + ", thread " + thread.tid() + " of process " + thread.pid() + ", ";
        return new VcpuControlException(switch (status) {
            case GONE -> who + "has ended: its QEMU was stopped, or the vCPU unplugged";
            case TAKEN -> who + "is controlled already: end the other vmrpc vcpu first";
            case NO_GUARD -> errors + ": run as root or with CAP_SYS_NICE, in a group that has real time (RT_GROUP_SCHED), or go without guard (--share none)";
            default -> "vmrpc-undo ended with status " + status;
        });
    }

    /** Where its guard says {@code demoted COUNT MILLISECONDS}, to its end. */
    InputStream demotions() {
        return process.getInputStream();
    }

    /** False once it was killed, or its guard was and it has undone all. */
    boolean isRunning() {
        return process.isAlive();
    }

    /** Says how to undo what comes next. Returns when that cannot be lost any more. */
    void before(final String... words) throws IOException {
        final String line = String.join("\t", words);
        lines.add(line);
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /**
     * Takes all changes back, the last one first; those of a thread that has ended need nothing.
     *
     * @throws IOException in one line: what could not be undone.
     */
    @Override
    public void close() throws IOException {
        boolean wasInterrupted = false;
        try {
            if (!process.isAlive()) { // killed: nobody else does it
                process = start(thread, "again");
                process.getOutputStream().write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
            }
            process.getOutputStream().close();
            final String failures = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!failures.isEmpty()) {
                throw new IOException("not all could be undone: " + failures.replace("\n", "; "));
            }
            if (process.waitFor(LONGEST_S, TimeUnit.SECONDS) && process.exitValue() != 0) {
                throw new IOException("not all could be undone: vmrpc-undo ended with status " + process.exitValue());
            }
        } catch (final InterruptedException e) {
            wasInterrupted = true;
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
