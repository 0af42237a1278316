package io.vmrpc.bench.run;

import io.vmrpc.bench.report.DensityVariants;
import io.vmrpc.natives.Native;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Who uses the CPUs of this machine: groups of processes by the kernel's account of them, to a hundredth of a second, the whole by what is
 * not idle.
 */
final class CpuAccount {
    /**
     * proc(5), the first line of /proc/stat behind its name: user nice system idle iowait irq softirq steal, in 1/100 s of all CPUs
     * together.
     */
    private static final int SYSTEM = 2;
    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;
    private static final int IRQ = 5;
    private static final int SOFT_IRQ = 6;
    private static final int STEAL = 7;
    private static final int PRIORITY = Scheduling.PRIORITY + 5;
    private static final double TICKS_PER_SECOND = 100;
    private static final int CPUS = Runtime.getRuntime().availableProcessors();
    private final Map<String, long[]> groups = new LinkedHashMap<>();

    /** Adds processes; the name is that of the parameter. */
    CpuAccount with(final String group, final List<Long> pids) {
        groups.put(group, pids.stream().mapToLong(Long::longValue).toArray());
        return this;
    }

    /** Counters at one moment. */
    record Reading(long ns, Map<String, Long> usedNs, long[] ticks) {
    }

    /**
     * At a priority above all loops: where these use the CPU up, an ordinary thread would read seconds later, and one group's counter
     * seconds after another's.
     */
    Reading read() throws IOException {
        final boolean isUrgent = Native.vmrpc_set_scheduler(0, Native.SCHED_FIFO, PRIORITY) >= 0;
        try {
            final long[] ticks = parse(Files.readString(Path.of("/proc/stat")));
            final long ns = System.nanoTime();
            final Map<String, Long> used = new LinkedHashMap<>();
            for (final Map.Entry<String, long[]> group : groups.entrySet()) {
                long sum = 0;
                for (final long pid : group.getValue()) {
                    sum += CpuTime.ofProcess(pid);
                }
                used.put(group.getKey(), sum);
            }
            return new Reading(ns, used, ticks);
        } finally {
            if (isUrgent) {
                Native.vmrpc_set_scheduler(0, Native.SCHED_OTHER, 0);
            }
        }
    }

    static long[] parse(final String stat) {
        final String[] words = stat.lines().findFirst().orElseThrow().trim().split("\\s+");
        return Arrays.stream(words).skip(1).mapToLong(Long::parseLong).toArray();
    }

    /** Parameters of a row: seconds of CPU a second, between two readings. */
    static Map<String, String> between(final Reading first, final Reading last) {
        final double seconds = (last.ns() - first.ns()) / 1e9;
        final Map<String, String> params = new LinkedHashMap<>();
        params.put(DensityVariants.CPUS, Integer.toString(CPUS));
        params.put(DensityVariants.CPU_TOTAL, total(first, last));
        params.put(DensityVariants.CPU_KERNEL,
            text((ticks(first, last, SYSTEM) + ticks(first, last, IRQ) + ticks(first, last, SOFT_IRQ)) / seconds));
        params.put(DensityVariants.CPU_STOLEN, text(ticks(first, last, STEAL) / seconds));
        first.usedNs().forEach((group, before) -> params.put(group, text((last.usedNs().get(group) - before) / 1e9 / seconds)));
        return params;
    }

    /** Everything that is neither idle nor stolen. */
    static String total(final Reading first, final Reading last) {
        final double unused = ticks(first, last, IDLE) + ticks(first, last, IO_WAIT) + ticks(first, last, STEAL);
        return text(Math.max(0, CPUS - unused * 1e9 / (last.ns() - first.ns())));
    }

    private static double ticks(final Reading first, final Reading last, final int field) {
        return field < first.ticks().length ? (last.ticks()[field] - first.ticks()[field]) / TICKS_PER_SECOND : 0;
    }

    private static String text(final double cpus) {
        return String.format(Locale.ROOT, "%.3f", cpus);
    }
}
