package io.vmrpc.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where many control loops break, and why. Stateless. */
public final class DensityLimit {
    /** Of lateness at p99, ns. */
    static final long MOST_LATE_NS = 1_000_000;
    /** Of cycles that are missed. */
    static final double MOST_MISSED = 0.01;
    /** Of all CPUs: with so much there is none left for anybody else. */
    static final double MOST_CPU = 0.95;
    /** Of all CPUs used by others just before: with more the machine was disturbed, and CPU that is used up says nothing of the loops. */
    private static final double MOST_BEFORE = 0.15;

    private DensityLimit() {
    }

    /**
     * What broke.
     *
     * @param rows of one size, lateness among them, from every time it was measured; those whose cycles begin together do not count.
     * @return one sentence on the last time; empty: everything was kept, at least once.
     */
    public static Optional<String> of(final List<Row> rows) {
        final List<Row> times = rows.stream().filter(row -> isLateness(row) && !isTogether(row)).toList();
        if (times.isEmpty() || !times.stream().allMatch(DensityLimit::breaks)) {
            return Optional.empty();
        }
        final Row last = times.get(times.size() - 1);
        return Optional.of(what(last) + ": " + why(last));
    }

    static boolean isLateness(final Row row) {
        return row.param(DensityVariants.WHAT).equals(DensityVariants.LATENESS);
    }

    static boolean isTogether(final Row row) {
        return row.param(DensityVariants.PHASES).equals(DensityVariants.TOGETHER);
    }

    static boolean breaks(final Row row) {
        return row.figures().p99() > MOST_LATE_NS || missed(row) > MOST_MISSED || isUsedUp(row);
    }

    /** Others used the machine as well. */
    static boolean isDisturbed(final Row row) {
        return cpu(row, DensityVariants.CPU_BEFORE) > MOST_BEFORE * cpus(row);
    }

    private static boolean isUsedUp(final Row row) {
        return !isDisturbed(row) && cpu(row, DensityVariants.CPU_TOTAL) + cpu(row, DensityVariants.CPU_STOLEN) > MOST_CPU * cpus(row);
    }

    /** For example "400 loops break". */
    static String what(final Row row) {
        return row.param(DensityVariants.LOOPS) + " break: lateness p99 " + Readable.nanos(row.figures().p99()) + ", " +
            percent(missed(row)) + " of the cycles missed";
    }

    /** Who used the CPU, the largest first to be named. */
    static String why(final Row row) {
        final String used = String.format(Locale.ROOT,
            "%.2f of %.0f CPUs used (loops %.2f, agent %.2f, peer %.2f, all others %.2f; in the kernel %.2f)",
            cpu(row, DensityVariants.CPU_TOTAL), cpus(row), cpu(row, DensityVariants.CPU_LOOPS), cpu(row, DensityVariants.CPU_AGENT),
            cpu(row, DensityVariants.CPU_PEER), others(row), cpu(row, DensityVariants.CPU_KERNEL));
        if (isUsedUp(row)) {
            return "the CPU is used up, most of it by " + largest(row) + ": " + used;
        }
        if (isDisturbed(row)) {
            return String.format(Locale.ROOT, "others on this machine used %.2f CPUs just before, so this says little: %s",
                cpu(row, DensityVariants.CPU_BEFORE), used);
        }
        return isShardUsedUp(row) ? "the agent's one shard needs a whole CPU, the most that a thread can have: " + used
            : "there is CPU left, so it is waiting for one another that takes the time: " + used;
    }

    private static boolean isShardUsedUp(final Row row) {
        return cpu(row, DensityVariants.CPU_AGENT) > 0.9;
    }

    private static String largest(final Row row) {
        final double loops = cpu(row, DensityVariants.CPU_LOOPS);
        final double agent = cpu(row, DensityVariants.CPU_AGENT);
        final double others = others(row) + cpu(row, DensityVariants.CPU_PEER);
        if (others > loops && others > agent) {
            return "neither loops nor agent";
        }
        return agent > loops ? "the agent" : row.variant().equals(DensityVariants.QEMU) ? "the QEMU processes" : "the loops themselves";
    }

    static double others(final Row row) {
        return Math.max(0, cpu(row, DensityVariants.CPU_TOTAL) - cpu(row, DensityVariants.CPU_LOOPS) - cpu(row, DensityVariants.CPU_AGENT)
            - cpu(row, DensityVariants.CPU_PEER));
    }

    static double missed(final Row row) {
        return cpu(row, DensityVariants.MISSED) / Math.max(1, cpu(row, DensityVariants.CYCLES));
    }

    static double cpus(final Row row) {
        return Math.max(1, cpu(row, DensityVariants.CPUS));
    }

    /** 0 if the row does not say. */
    static double cpu(final Row row, final String param) {
        return row.param(param).isEmpty() ? 0 : Double.parseDouble(row.param(param));
    }

    static String percent(final double share) {
        return String.format(Locale.ROOT, share == 0 ? "%.0f %%" : share < 0.001 ? "%.3f %%" : "%.1f %%", 100 * share);
    }
}
