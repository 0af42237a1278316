package io.vmrpc.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestKernelTest {
    @TempDir
    Path root;

    private GuestKernel kernel(final String isolated, final String nohzFull, final String throttle, final String watchdog) throws IOException {
        file("proc/cmdline", "console=ttyS0");
        file("proc/sys/kernel/sched_rt_runtime_us", throttle);
        file("proc/sys/kernel/watchdog", watchdog);
        file("sys/devices/system/cpu/isolated", isolated);
        file("sys/devices/system/cpu/nohz_full", nohzFull);
        file("sys/devices/system/clocksource/clocksource0/current_clocksource", "kvm-clock");
        return new GuestKernel(root);
    }

    private void file(final String name, final String text) throws IOException {
        Files.createDirectories(root.resolve(name).getParent());
        Files.writeString(root.resolve(name), text + "\n");
    }

    @Test
    void preparedKernelNeedsNoWarning() throws IOException {
        final GuestKernel kernel = kernel("1-2,5", "2-5", "-1", "0");
        assertEquals(List.of(), kernel.warnings(2));
        assertEquals(1, kernel.isolatedCpu());
        assertEquals("kvm-clock", kernel.clocksource());
    }

    @Test
    void eachLackIsNamedWithItsRemedy() throws IOException {
        final List<String> warnings = kernel("1", "(null)", "950000", "1").warnings(3);
        assertEquals(4, warnings.size(), warnings::toString);
        assertTrue(warnings.get(0).contains("sched_rt_runtime_us=-1") && warnings.get(0).contains("950000"), warnings.get(0));
        assertTrue(warnings.get(1).contains("isolcpus=nohz,domain,managed_irq,3"), warnings.get(1));
        assertTrue(warnings.get(2).contains("nohz_full=3"), warnings.get(2));
        assertTrue(warnings.get(3).contains("watchdog"), warnings.get(3));
    }

    @Test
    void watchdogMayBeOffOnTheCommandLine() throws IOException {
        final GuestKernel kernel = kernel("1", "1", "-1", "1");
        file("proc/cmdline", "quiet nowatchdog");
        assertEquals(List.of(), kernel.warnings(1));
    }

    @Test
    void noIsolatedCpuIsMinusOne() throws IOException {
        assertEquals(-1, kernel("", "", "-1", "0").isolatedCpu());
        assertEquals(-1, new GuestKernel(root.resolve("absent")).isolatedCpu());
    }
}
