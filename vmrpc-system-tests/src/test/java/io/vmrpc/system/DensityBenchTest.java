package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.run.DensityPlan;
import io.vmrpc.bench.run.DensityRuns;
import io.vmrpc.bench.run.Results;
import io.vmrpc.vm.Accelerator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The bench of many control loops in its smallest form, without the real-time guest: every kind runs, and nearly every packet is answered.
 * Speed is no matter here.
 */
@Timeout(180)
class DensityBenchTest {
    @Test
    void everyKindHasItsRows() throws Exception {
        Results results = new Results();
        DensityPlan plan = new DensityPlan(List.of(3), 3, List.of(2), List.of(2), 2, List.of(), 0.5, 0.5);
        new DensityRuns(System.out, Accelerator.TCG, plan, results).measure();
        assertEquals("qemu-freestanding 3 spread, qemu-freestanding 3 together, loopback 2 spread, host-threads 2 spread, " +
            "host-threads-java 2 spread, loopback-gc 2 spread",
                results.rows().stream().map(row -> row.variant() + " " + row.param("n") + " " +
                    row.param("phases")).distinct().collect(Collectors.joining(", ")));
        for (Row row : results.rows()) {
            long half = Long.parseLong(row.param("cycles")) / 2;
            assertTrue(row.figures().count() > half && Long.parseLong(row.param("missed")) < half, row.toString());
            assertTrue(Double.parseDouble(row.param("cpu.loops")) > 0, row.toString());
        }
    }
}
