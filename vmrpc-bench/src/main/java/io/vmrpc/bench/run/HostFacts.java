package io.vmrpc.bench.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What of a host decides about latency, as its kernel tells it. What cannot be read is said, not guessed. */
final class HostFacts {
    private static final String UNKNOWN = "unknown";
    /** Words of the kernel's command line that keep CPUs free of other work, or their clocks and idle states as they are. */
    private static final String ISOLATING = "(isolcpus|nohz_full|rcu_nocbs|irqaffinity|nohz|tsc|clocksource|idle|processor\\.max_cstate|intel_idle\\.max_cstate|"
        + "cpuidle[a-z_.]*|haltpoll\\.[a-z_]+|mitigations|nosmt|preempt|threadirqs|nowatchdog|skew_tick|transparent_hugepage)(=.*)?";
    private static final int LONGEST = 1 << 20;
    private final Path root;

    /** Of a folder in place of /, for tests. */
    HostFacts(final Path root) {
        this.root = root;
    }

    Map<String, String> describe(final int cpus) {
        final Map<String, String> facts = new LinkedHashMap<>();
        facts.put("CPU", cpu() + ", " + cpus + " CPUs" + (isVirtual() ? ", itself a virtual machine" : ""));
        facts.put("Memory", memory());
        facts.put("Kernel", kernel());
        facts.put("Preemption", preemption());
        facts.put("Isolation", isolation());
        facts.put("CPU governor", read("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
            .orElse("none: this machine does not set its own clock"));
        facts.put("Clock source", read("sys/devices/system/clocksource/clocksource0/current_clocksource").orElse(UNKNOWN));
        facts.put("Real-time budget", read("proc/sys/kernel/sched_rt_runtime_us").map(us -> us.equals("-1") ? "unlimited" : us
            + " us of each " +
            read("proc/sys/kernel/sched_rt_period_us").orElse("?")).orElse(UNKNOWN));
        return facts;
    }

    /** For example "0.52 0.31 0.22 (of 1, 5 and 15 minutes)". */
    String load() {
        return read("proc/loadavg").map(line -> String.join(" ", Arrays.copyOf(line.split(" "), 3)) + " (of 1, 5 and 15 minutes)")
            .orElse(UNKNOWN);
    }

    String cpu() {
        return cpuinfo("model name");
    }

    String kernel() {
        return "Linux " + read("proc/sys/kernel/osrelease").orElse(UNKNOWN);
    }

    private boolean isVirtual() {
        return cpuinfo("flags").contains(" hypervisor");
    }

    private String cpuinfo(final String field) {
        return read("proc/cpuinfo").flatMap(text -> text.lines().filter(line -> line.startsWith(field)).findFirst())
            .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse(UNKNOWN);
    }

    private String memory() {
        return read("proc/meminfo").flatMap(text -> text.lines().filter(line -> line.startsWith("MemTotal:")).findFirst())
            .map(line -> Math.round(Long.parseLong(line.replaceAll("\\D", "")) / 1024.0 / 1024 * 10) / 10.0 + " GiB").orElse(UNKNOWN);
    }

    private String preemption() {
        if (read("sys/kernel/realtime").filter("1"::equals).isPresent()) {
            return "PREEMPT_RT";
        }
        return read("sys/kernel/debug/sched/preempt").or(() -> read("proc/version").map(text -> text.contains("PREEMPT_DYNAMIC")
            ? "dynamic" : text.contains("PREEMPT")
            ? "PREEMPT" : "none or voluntary")).orElse(UNKNOWN);
    }

    /** CPUs that are isolated now, and the words that ask for it or bear on it. */
    private String isolation() {
        final String isolated = read("sys/devices/system/cpu/isolated").filter(cpus -> !cpus.isEmpty()).map(cpus -> "CPUs " + cpus)
            .orElse("no CPU isolated");
        final String words = read("proc/cmdline").map(line -> Arrays.stream(line.split("\\s+")).filter(word -> word.matches(ISOLATING))
            .collect(Collectors.joining(" ")))
            .orElse("");
        return words.isEmpty() ? isolated : isolated + "; kernel command line: " + words;
    }

    /** At once: a number of /proc/sys read byte by byte, as Files.readString begins, ends after its first digit. */
    private Optional<String> read(final String file) {
        try (InputStream in = Files.newInputStream(root.resolve(file))) {
            return Optional.of(new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8).strip());
        } catch (final IOException e) {
            return Optional.empty();
        }
    }
}
