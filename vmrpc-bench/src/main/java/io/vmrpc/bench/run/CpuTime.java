package io.vmrpc.bench.run;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** CPU time as the kernel counts it, ns. */
final class CpuTime {
    /** proc(5): user and system time are fields 14 and 15 of stat, in ticks of 1/100 s; the first two have gone here. */
    private static final int UTIME = 11;
    private static final long NS_PER_TICK = 10_000_000;

    private CpuTime() {
    }

    /** First field of schedstat: time on the CPU (Documentation/scheduler/sched-stats.rst). */
    static long ofThread(final long pid, final long thread) throws IOException {
        return ofThread(Path.of("/proc/" + pid + "/task/" + thread));
    }

    private static long ofThread(final Path thread) throws IOException {
        return Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]);
    }

    /** To the nanosecond, of the threads that there are now; one that ended takes along what it used. */
    static long ofThreads(final long... pids) throws IOException {
        long sum = 0;
        for (final long pid : pids) {
            try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
                for (final Path thread : threads) {
                    sum += ofThread(thread);
                }
            }
        }
        return sum;
    }

    /** To a hundredth of a second, of all threads that there ever were. */
    static long ofProcess(final long pid) throws IOException {
        final String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[UTIME + 1])) * NS_PER_TICK;
    }
}
