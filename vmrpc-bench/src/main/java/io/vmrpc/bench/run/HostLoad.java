package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * stress-ng on the host: two CPU hogs for each CPU and a memory hog, ordinary processes all. How much CPU time the hogs get is the share that ordinary
 * processes keep beside the VM.
 */
final class HostLoad implements AutoCloseable {
    /** proc(5): user and system time are fields 14 and 15 of stat, in ticks of 1/100 s. */
    private static final int UTIME = 11;
    private static final double NS_PER_TICK = 1e7;
    private final int cpus = Runtime.getRuntime().availableProcessors();
    private Process process;
    private long startedNs;
    private long ticksBefore;

    void set(final boolean on) throws IOException {
        if (on == (process != null)) {
            return;
        }
        if (on) {
            process = new ProcessBuilder("setpriv", "--pdeathsig", "TERM", "stress-ng", // no hog outlives a killed benchmark: prctl(2)
                 "--cpu", Integer.toString(2 * cpus), "--vm", "1", "--vm-bytes", "256m", "--quiet")
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        } else {
            final List<ProcessHandle> children = process.descendants().toList();
            process.destroy();
            children.forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            process = null;
        }
    }

    /** Begins to measure the share. */
    void mark() {
        startedNs = System.nanoTime();
        ticksBefore = ticks();
    }

    /** Percent of one CPU each that ordinary processes got since {@link #mark}, all hogs together over all CPUs; empty without load. */
    private Optional<String> share() {
        if (process == null) {
            return Optional.empty();
        }
        final double busyNs = (ticks() - ticksBefore) * NS_PER_TICK;
        return Optional.of(String.format(Locale.ROOT, "%.1f", 100 * busyNs / ((double)(System.nanoTime() - startedNs) * cpus)));
    }

    /** The row with that share, if there is load. */
    Row withShare(final Row row) {
        return share().map(share -> row.withParam(Variants.HOST_SHARE, share)).orElse(row);
    }

    private long ticks() {
        return process == null ? 0 : process.descendants().mapToLong(child -> ticks(child.pid())).sum();
    }

    private static long ticks(final long pid) {
        try {
            final String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Long.parseLong(fields[UTIME]) + Long.parseLong(fields[UTIME + 1]);
        } catch (final IOException e) {
            return 0; // a hog that stress-ng has just replaced
        }
    }

    @Override
    public void close() {
        try {
            set(false);
        } catch (final IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
