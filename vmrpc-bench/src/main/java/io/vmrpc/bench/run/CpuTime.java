package io.vmrpc.bench.run;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The CPU time of processes since this object was made: all their threads, of a JVM those too that compile and collect. */
final class CpuTime {
    private final long[] pids;
    private final Map<Path, Long> before;

    CpuTime(final long... pids) throws IOException {
        this.pids = pids.clone();
        before = threads();
    }

    /** Thread by thread, because one that has ended meanwhile takes all that it ever used with it. */
    long ns() throws IOException {
        return threads().entrySet().stream().mapToLong(thread -> thread.getValue() - before.getOrDefault(thread.getKey(), 0L)).sum();
    }

    private Map<Path, Long> threads() throws IOException {
        final Map<Path, Long> all = new HashMap<>();
        for (final long pid : pids) {
            try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
                for (final Path thread : threads) {
                    all.put(thread, ofThread(thread));
                }
            }
        }
        return all;
    }

    static long ofThread(final long pid, final long thread) throws IOException {
        return ofThread(Path.of("/proc/" + pid + "/task/" + thread));
    }

    /** First field of schedstat: time on the CPU, ns (Documentation/scheduler/sched-stats.rst). */
    private static long ofThread(final Path thread) throws IOException {
        try {
            return Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]);
        } catch (final IOException e) { // ENOENT, or ESRCH in the middle of reading
            if (Files.exists(thread)) {
                throw e;
            }
            return 0; // it has just ended
        }
    }
}
