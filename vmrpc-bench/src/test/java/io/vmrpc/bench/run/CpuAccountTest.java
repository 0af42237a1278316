package io.vmrpc.bench.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.bench.report.DensityVariants;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CpuAccountTest {
    private static final int CPUS = Runtime.getRuntime().availableProcessors();

    private static CpuAccount.Reading reading(final long ns, final long usedNs, final String stat) {
        return new CpuAccount.Reading(ns, Map.of(DensityVariants.CPU_LOOPS, usedNs), CpuAccount.parse(stat));
    }

    @Test
    void theKernelsFirstLineIsTheWholeMachine() {
        assertArrayEquals(new long[] {10, 0, 20, 300, 4, 5, 6, 7, 0, 0},
            CpuAccount.parse("cpu  10 0 20 300 4 5 6 7 0 0\ncpu0 1 0 2 3 4 5 6 7 0 0\n"));
    }

    @Test
    void whatIsNeitherIdleNorStolenIsUsed() {
        final int idle = 100 * (CPUS - 1) * 2; // in two seconds all but one CPU
        final Map<String, String> params = CpuAccount.between(reading(0, 5, "cpu 0 0 0 0 0 0 0 0"),
            reading(2_000_000_000L, 1_000_000_005L, "cpu 60 0 90 " + (idle - 10) + " 10 1 9 50"));
        assertEquals("0.750", params.get(DensityVariants.CPU_TOTAL));
        assertEquals("0.500", params.get(DensityVariants.CPU_KERNEL), "system, irq and softirq");
        assertEquals("0.250", params.get(DensityVariants.CPU_STOLEN));
        assertEquals("0.500", params.get(DensityVariants.CPU_LOOPS));
    }

    @Test
    void thisProcessIsSeenToWork() throws IOException {
        final CpuAccount account = new CpuAccount().with(DensityVariants.CPU_AGENT, List.of(ProcessHandle.current().pid()));
        final CpuAccount.Reading first = account.read();
        final long until = System.nanoTime() + 100_000_000;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        final double used = Double.parseDouble(CpuAccount.between(first, account.read()).get(DensityVariants.CPU_AGENT));
        assertTrue(used > 0 && used <= CPUS, "used " + used);
    }
}
