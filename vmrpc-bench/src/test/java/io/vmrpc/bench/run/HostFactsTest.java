package io.vmrpc.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a /proc and /sys of folders, and on this machine's. */
class HostFactsTest {
    @TempDir
    Path root;

    private void file(final String name, final String text) throws IOException {
        Files.createDirectories(root.resolve(name).getParent());
        Files.writeString(root.resolve(name), text);
    }

    @Test
    void aTunedHostIsDescribed() throws Exception {
        file("proc/cpuinfo", "processor\t: 0\nmodel name\t: Some CPU\nflags\t\t: fpu hypervisor\n");
        file("proc/meminfo", "MemTotal:       16000000 kB\n");
        file("proc/sys/kernel/osrelease", "6.1.0-rt\n");
        file("sys/kernel/realtime", "1\n");
        file("proc/cmdline", "quiet isolcpus=nohz,domain,1 root=/dev/sda secret=yes nohz_full=1 idle=poll\n");
        file("sys/devices/system/cpu/isolated", "1\n");
        file("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n");
        file("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
        file("proc/sys/kernel/sched_rt_runtime_us", "-1\n");
        file("proc/loadavg", "0.52 0.31 0.22 1/200 999\n");
        final Map<String, String> facts = new HostFacts(root).describe(4);
        assertEquals("Some CPU, 4 CPUs, itself a virtual machine", facts.get("CPU"));
        assertEquals("15.3 GiB", facts.get("Memory"));
        assertEquals("Linux 6.1.0-rt", facts.get("Kernel"));
        assertEquals("PREEMPT_RT", facts.get("Preemption"));
        assertEquals("CPUs 1; kernel command line: isolcpus=nohz,domain,1 nohz_full=1 idle=poll", facts.get("Isolation"));
        assertEquals("performance", facts.get("CPU governor"));
        assertEquals("tsc", facts.get("Clock source"));
        assertEquals("unlimited", facts.get("Real-time budget"));
        assertEquals("0.52 0.31 0.22 (of 1, 5 and 15 minutes)", new HostFacts(root).load());
    }

    @Test
    void whatCannotBeReadIsSaid() {
        final Map<String, String> facts = new HostFacts(root).describe(1);
        assertEquals("unknown", facts.get("Clock source"));
        assertEquals("no CPU isolated", facts.get("Isolation"));
        assertTrue(facts.get("CPU governor").startsWith("none"));
    }

    @Test
    void thisMachinesNumbersAreWhole() throws Exception {
        final String budget = new String(new ProcessBuilder("cat",
            "/proc/sys/kernel/sched_rt_runtime_us").start().getInputStream().readAllBytes()).strip();
        final String told = new HostFacts(Path.of("/")).describe(1).get("Real-time budget");
        assertTrue(budget.equals("-1") ? told.equals("unlimited") : told.startsWith(budget + " us of each "), told);
    }

    @Test
    void stolenTimeIsAShareOfAllTime() throws Exception {
        final StolenTime before = StolenTime.parse("cpu  100 0 100 800 0 0 0 0 50 0\ncpu0 1 1\n");
        assertEquals(new StolenTime(0, 1_000), before);
        assertEquals(100_000, new StolenTime(20, 1_200).ppmSince(before));
        assertEquals(0, before.ppmSince(before));
        assertThrows(IOException.class, () -> StolenTime.parse("intr 1\n"));
        assertThrows(IOException.class, () -> StolenTime.parse("cpu 1 2 3\n"));
    }

    @Test
    void aRunTellsWhatWentOnBesideIt() {
        final Map<String, String> machine = RunCircumstances.now("./vmrpc bench timer").describe();
        assertEquals("./vmrpc bench timer", machine.get("Command"));
        assertFalse(machine.get("Stolen meanwhile").equals("unknown"));
        assertEquals(Optional.empty(), machine.values().stream().filter(String::isBlank).findFirst());
    }
}
