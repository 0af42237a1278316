package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * stress-ng on the host: two CPU hogs for each CPU and a memory hog, ordinary processes all. How much CPU time the hogs get is the share that ordinary
 * processes keep beside the VM.
 */
final class HostLoad implements AutoCloseable {
    private final int cpus = Runtime.getRuntime().availableProcessors();
    private Process process;
    private long startedNs;
    private long cpuNsBefore;

    void set(final boolean on) throws IOException {
        if (on == (process != null)) {
            return;
        }
        if (on) {
            process = new ProcessBuilder("setpriv", "--pdeathsig", "TERM", "stress-ng", // no hog outlives a killed benchmark: prctl(2)
                 "--cpu", Integer.toString(2 * cpus), "--vm", "1", "--vm-bytes", "256m", "--quiet",
                 "--temp-path", System.getProperty("java.io.tmpdir")) // it refuses a folder that it cannot write to, as its working folder may be
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
        cpuNsBefore = cpuNs();
    }

    /** Percent of one CPU each that ordinary processes got since {@link #mark}, all hogs together over all CPUs; empty without load. */
    private Optional<String> share() {
        if (process == null) {
            return Optional.empty();
        }
        final double busyNs = cpuNs() - cpuNsBefore;
        return Optional.of(String.format(Locale.ROOT, "%.1f", 100 * busyNs / ((double)(System.nanoTime() - startedNs) * cpus)));
    }

    /** The row with that share, if there is load. */
    Row withShare(final Row row) {
        return share().map(share -> row.withParam(Variants.HOST_SHARE, share)).orElse(row);
    }

    private long cpuNs() {
        return process == null ? 0 : process.descendants().mapToLong(child -> cpuNs(child.pid())).sum();
    }

    private static long cpuNs(final long pid) {
        try {
            return CpuTime.ofProcess(pid);
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
