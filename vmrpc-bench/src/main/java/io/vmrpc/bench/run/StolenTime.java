package io.vmrpc.bench.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the hypervisor below this machine gave to others of the CPU time that this machine wanted, as the kernel counts it since boot.
 *
 * @param stolen ticks
 * @param all ticks of all CPUs, idle ones too
 */
record StolenTime(long stolen, long all) {
    private static final Path STAT = Path.of("/proc/stat");
    /** proc(5): user nice system idle iowait irq softirq steal; what follows is contained in user and nice. */
    private static final int FIELDS = 8;

    static StolenTime now() throws IOException {
        return parse(Files.readString(STAT));
    }

    static StolenTime parse(final String stat) throws IOException {
        final String line = stat.lines().filter(each -> each.startsWith("cpu ")).findFirst()
            .orElseThrow(() -> new IOException(STAT + " has no line cpu"));
        final String[] fields = line.substring(4).strip().split(" +");
        if (fields.length < FIELDS) {
            throw new IOException(STAT + " has " + fields.length + " fields of CPU time, expected at least " + FIELDS + ": " + line);
        }
        long all = 0;
        for (int i = 0; i < FIELDS; i++) {
            all += Long.parseLong(fields[i]);
        }
        return new StolenTime(Long.parseLong(fields[FIELDS - 1]), all);
    }

    /** The stolen share of the time since then, ppm; 0 if no tick has passed. */
    long ppmSince(final StolenTime then) {
        return all <= then.all ? 0 : Math.max(0, Math.round(1e6 * (stolen - then.stolen) / (all - then.all)));
    }
}
