package io.vmrpc.guest;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads what the guest kernel was told about real time, and says what is missing. */
final class GuestKernel {
    private static final String CMDLINE = "proc/cmdline";
    private static final String THROTTLE = "proc/sys/kernel/sched_rt_runtime_us";
    private static final String CLOCKSOURCE = "sys/devices/system/clocksource/clocksource0/current_clocksource";
    private static final String ISOLATED = "sys/devices/system/cpu/isolated";
    private static final String NOHZ_FULL = "sys/devices/system/cpu/nohz_full";
    private static final String WATCHDOG = "proc/sys/kernel/watchdog";
    private final Path root;

    /** Reads below {@code /}, or below a test's copy of it. */
    GuestKernel(final Path root) {
        this.root = root;
    }

    /** The first isolated CPU, or -1. */
    int isolatedCpu() {
        final String isolated = text(ISOLATED);
        return isolated.isEmpty() ? -1 : Integer.parseInt(isolated.split("[,-]")[0]);
    }

    /** The clock that guest time comes from: deadlines travel as host time only if it is the tsc. */
    String clocksource() {
        return text(CLOCKSOURCE);
    }

    /** One sentence with its remedy for each thing that spoils timing on this CPU. */
    List<String> warnings(final int cpu) {
        final List<String> warnings = new ArrayList<>();
        if (!"-1".equals(text(THROTTLE))) {
            warnings.add("the guest kernel throttles real-time threads (kernel.sched_rt_runtime_us is " + text(THROTTLE) +
                ") and takes parked time for run time: sysctl -w kernel.sched_rt_runtime_us=-1");
        }
        if (!contains(text(ISOLATED), cpu)) {
            warnings.add("guest CPU " + cpu + " is not isolated: boot the guest with isolcpus=nohz,domain,managed_irq," + cpu);
        }
        if (!contains(text(NOHZ_FULL), cpu)) {
            warnings.add("guest CPU " + cpu + " keeps its scheduler tick: boot the guest with nohz_full=" + cpu + " rcu_nocbs=" + cpu);
        }
        if (!text(CMDLINE).contains("nowatchdog") && !"0".equals(text(WATCHDOG))) {
            warnings.add("the guest's lockup watchdog wakes every CPU and may report a parked one: sysctl -w kernel.watchdog=0");
        }
        return List.copyOf(warnings);
    }

    private static boolean contains(final String list, final int cpu) {
        for (final String range : list.split(",")) {
            final String[] ends = range.split("-");
            try {
                if (Integer.parseInt(ends[0]) <= cpu && cpu <= Integer.parseInt(ends[ends.length - 1])) {
                    return true;
                }
            } catch (final NumberFormatException e) {
                continue; // an empty list, or "(null)" where the feature is off
            }
        }
        return false;
    }

    private String text(final String file) {
        try (BufferedReader in = Files.newBufferedReader(root.resolve(file))) { // one large read: a sysctl gives its value to the first read only
            final String line = in.readLine();
            return line == null ? "" : line.strip();
        } catch (final IOException e) {
            return "";
        }
    }
}
