package io.vmrpc.bench.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * CPU time of all CPUs of this machine so far, ticks of 1/100 s: proc_pid_stat(5), /proc/stat.
 *
 * @param all of any kind
 * @param idle when nothing wanted to run
 * @param steal when something wanted to run and the machine below ran others
 */
record HostCpu(long all, long idle, long steal) {
    private static final int KINDS = 8; // guest time is part of user time
    private static final int IDLE = 3;
    private static final int IOWAIT = 4;
    private static final int STEAL = 7;

    static HostCpu now() throws IOException {
        return parse(Files.readAllLines(Path.of("/proc/stat")));
    }

    static HostCpu parse(final List<String> lines) {
        final String[] fields = lines.get(0).strip().split("\\s+");
        if (!fields[0].equals("cpu") || fields.length <= KINDS) {
            throw new IllegalArgumentException("the first line of /proc/stat is not of all CPUs: " + lines.get(0));
        }
        final long[] ticks = new long[KINDS];
        long all = 0;
        for (int kind = 0; kind < KINDS; kind++) {
            ticks[kind] = Long.parseLong(fields[1 + kind]);
            all += ticks[kind];
        }
        return new HostCpu(all, ticks[IDLE] + ticks[IOWAIT], ticks[STEAL]);
    }

    HostCpu since(final HostCpu before) {
        return new HostCpu(all - before.all, idle - before.idle, steal - before.steal);
    }

    double stealPercent() {
        return all == 0 ? 0 : 100.0 * steal / all;
    }

    /** What was neither idle nor stolen. */
    double busyPercent() {
        return all == 0 ? 0 : 100.0 * (all - idle - steal) / all;
    }
}
