package io.vmrpc.vm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class KernelCommandLineTest {
    @Test
    void theRealTimeCpuIsIsolatedAndTakesNoInterrupts() {
        String words = KernelCommandLine.of(VmConfig.builder().cpus(4).rtCpu(2).command(List.of("true")).build());
        assertTrue(words.contains(" isolcpus=nohz,domain,managed_irq,2 nohz_full=2 rcu_nocbs=2 irqaffinity=0-1,3"), words);
        assertTrue(words.contains(" tsc=reliable clocksource=tsc "), words);
    }

    @Test
    void withoutOneNothingIsIsolated() {
        String words = KernelCommandLine.of(VmConfig.builder().cpus(1).rtCpu(-1).command(List.of("true")).kernelOptions(" debug ").build());
        assertFalse(words.contains("isolcpus"), words);
        assertTrue(words.endsWith(" debug"), words);
    }

    @Test
    void housekeepingListsTheOthers() {
        assertEquals("0", KernelCommandLine.housekeeping(2, 1));
        assertEquals("0-2", KernelCommandLine.housekeeping(4, 3));
        assertEquals("0,2-3", KernelCommandLine.housekeeping(4, 1));
    }
}
