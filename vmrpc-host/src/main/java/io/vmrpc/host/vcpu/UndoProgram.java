package io.vmrpc.host.vcpu;

import io.vmrpc.natives.NativeProgram;
import java.io.IOException;
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
    private static final int LONGEST_S = 20;
    private final VcpuThread thread;
    private final List<String> lines = new ArrayList<>();
    private Process process;

    private UndoProgram(final VcpuThread thread) throws IOException {
        this.thread = thread;
        process = start(thread, false);
    }

    /** Locks the thread: it has one control at a time. */
    static UndoProgram of(final VcpuThread thread) throws IOException {
        return new UndoProgram(thread);
    }

    private static Process start(final VcpuThread thread, final boolean isAgain) throws IOException {
        final Path folder = Files.createTempDirectory("vmrpc-undo-");
        final Path program = folder.resolve("vmrpc-undo");
        try {
            NativeProgram.extract("vmrpc-undo", folder);
            final Process process = launch(program, thread, isAgain);
            final byte[] ready = process.getInputStream().readAllBytes();
            if (ready.length == 0) {
                throw refusal(process.waitFor(), thread);
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

    private static Process launch(final Path program, final VcpuThread thread, final boolean isAgain) throws IOException {
        final List<String> words = new ArrayList<>(List.of(program.toString(), Integer.toString(thread.pid()), Integer.toString(thread.tid()),
            Long.toString(thread.startTime())));
        if (isAgain) {
            words.add("again");
        }
        try {
            return new ProcessBuilder(words).start();
        } catch (final IOException e) {
            throw new VcpuControlException("cannot start " + program + " (" + e.getMessage() + "): if /tmp is mounted noexec, set -Djava.io.tmpdir", e);
        }
    }

    private static VcpuControlException refusal(final int status, final VcpuThread thread) {
        final String who = "vCPU " + thread.index() + ", thread " + thread.tid() + " of process " + thread.pid() + ", ";
        return new VcpuControlException(switch (status) {
            case GONE -> who + "has ended: its QEMU was stopped, or the vCPU unplugged";
            case TAKEN -> who + "is controlled already: end the other vmrpc vcpu first";
            default -> "vmrpc-undo ended with status " + status;
        });
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
                process = start(thread, true);
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
