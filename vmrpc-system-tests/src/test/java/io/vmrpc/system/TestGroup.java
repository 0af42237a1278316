package io.vmrpc.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A cgroup of version 1 that a test makes: where a QEMU finds itself that somebody else has started. */
final class TestGroup implements AutoCloseable {
    static final Path ROOT = Path.of("/sys/fs/cgroup");
    private final Path folder;

    TestGroup(String controller) throws IOException {
        folder = Files.createDirectory(ROOT.resolve(controller).resolve("test-" + ProcessHandle.current().pid()));
    }

    /** {@return whether this machine has that file in its version 1 hierarchies} */
    static boolean has(String controller, String file) {
        return Files.exists(ROOT.resolve(controller).resolve(file));
    }

    TestGroup set(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
        return this;
    }

    String get(String file) throws IOException {
        return Files.readString(folder.resolve(file)).strip();
    }

    /** Moves a process with all its threads. */
    TestGroup add(TinyQemu qemu) throws IOException {
        return set("cgroup.procs", Integer.toString(qemu.pid()));
    }

    String path() {
        return "/" + folder.getFileName();
    }

    /** The processes in it have ended, or do so now. */
    @Override
    public void close() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!folder.toFile().delete() && Files.exists(folder)) {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("cannot remove " + folder + ": " + Files.readString(folder.resolve("tasks")));
            }
            Thread.onSpinWait();
        }
    }
}
