package io.vmrpc.guest;

import io.vmrpc.natives.CpuSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads what the guest kernel was told about real time, and says what is missing. What cannot be read counts as missing. */
public final class GuestKernel {
    private static final String CMDLINE = "proc/cmdline";
    private static final String THROTTLE = "proc/sys/kernel/sched_rt_runtime_us";
    private static final String CLOCKSOURCE = "sys/devices/system/clocksource/clocksource0/current_clocksource";
    private static final String ISOLATED = "sys/devices/system/cpu/isolated";
    private static final String NOHZ_FULL = "sys/devices/system/cpu/nohz_full";
    private static final String WATCHDOG = "proc/sys/kernel/watchdog";
    private final Path root;

    /**
     * A thing that spoils timing.
     *
     * @param found what the kernel does.
     * @param remedy a command, or words for the kernel's command line.
     */
    public record Lack(String found, String remedy) {
        @Override
        public String toString() {
            return found + ": " + remedy;
        }
    }

    /**
     * Reads below a folder.
     *
     * @param root {@code /}, or a test's copy of it.
     */
    public GuestKernel(final Path root) {
        this.root = root;
    }

    /**
     * The first isolated CPU.
     *
     * @return its number, or -1.
     */
    public int isolatedCpu() {
        return CpuSet.parseOrEmpty(text(ISOLATED)).first();
    }

    /**
     * The clock that guest time comes from: deadlines travel as host time only if it is the tsc.
     *
     * @return its name, empty if it cannot be read.
     */
    public String clocksource() {
        return text(CLOCKSOURCE);
    }

    /** One sentence with its remedy for each thing that spoils timing on this CPU. */
    List<String> warnings(final int cpu) {
        return Stream.of(throttling(), isolation(cpu), tick(cpu), watchdog()).flatMap(Optional::stream).map(Lack::toString).toList();
    }

    /**
     * Throttling of real-time threads.
     *
     * @return empty if it is off.
     */
    public Optional<Lack> throttling() {
        return lack(!"-1".equals(text(THROTTLE)), "the guest kernel throttles real-time threads (kernel.sched_rt_runtime_us is " + text(THROTTLE) +
            ") and takes parked time for run time", "sysctl -w kernel.sched_rt_runtime_us=-1");
    }

    /**
     * Isolation from other threads.
     *
     * @param cpu of the real-time thread.
     * @return empty if it is isolated.
     */
    public Optional<Lack> isolation(final int cpu) {
        return lack(!CpuSet.parseOrEmpty(text(ISOLATED)).contains(cpu), "guest CPU " + cpu + " is not isolated",
            "boot the guest with isolcpus=nohz,domain,managed_irq," + cpu);
    }

    /**
     * The scheduler's tick.
     *
     * @param cpu of the real-time thread.
     * @return empty if it has none while one thread runs.
     */
    public Optional<Lack> tick(final int cpu) {
        return lack(!CpuSet.parseOrEmpty(text(NOHZ_FULL)).contains(cpu), "guest CPU " + cpu + " keeps its scheduler tick",
            "boot the guest with nohz_full=" + cpu + " rcu_nocbs=" + cpu);
    }

    /**
     * The lockup watchdog.
     *
     * @return empty if it is off.
     */
    public Optional<Lack> watchdog() {
        return lack(!text(CMDLINE).contains("nowatchdog") && !"0".equals(text(WATCHDOG)),
            "the guest's lockup watchdog wakes every CPU and may report a parked one", "sysctl -w kernel.watchdog=0");
    }

    private static Optional<Lack> lack(final boolean isLacking, final String found, final String remedy) {
        return isLacking ? Optional.of(new Lack(found, remedy)) : Optional.empty();
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
