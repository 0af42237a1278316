package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.run.FreestandingRuns;
import io.vmrpc.bench.run.Plan;
import io.vmrpc.bench.run.Results;
import io.vmrpc.vm.Accelerator;
import io.vmrpc.vm.KvmProbe;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmarks with the freestanding guest deliver their rows. Speed is no matter here: bounds tell working from stuck. */
@Timeout(300)
class FreestandingBenchTest {
    private static final Plan SHORT = new Plan(100, 25, 4_000, 100);
    private static final long STUCK_NS = 1_000_000_000;

    private static void assertRows(List<Row> rows, String expected, String parameter) {
        assertEquals(expected, rows.stream().map(row -> row.variant() + " " + row.param(parameter)).collect(Collectors.joining(", ")));
        for (Row row : rows) {
            assertTrue(row.figures().count() > 0 && row.figures().p50() < STUCK_NS, row.toString());
        }
    }

    @Test
    void timersUnderKvmHaveARowForEachWayAndPeriod() throws Exception {
        Assumptions.assumeTrue(KvmProbe.run().runs(16), "no /dev/kvm that runs a freestanding guest");
        Results results = new Results();
        new FreestandingRuns(System.out, Accelerator.KVM, SHORT, results).timer("none");
        List<Row> rows = results.rows();
        assertRows(rows, List.of("2ms", "10ms").stream().map(period -> "kvm-futex P, kvm-futex-shim P, kvm-halted P, kvm-halted-shim P, kvm-guest-timer P, host-cyclictest P"
                .replace("P", period)).collect(Collectors.joining(", ")), "period");
        assertTrue(rows.stream().allMatch(row -> row.vm().equals(row.variant().startsWith("kvm-") ? "kvm" : "none")), rows.toString());
        assertEquals(100, rows.get(0).figures().count());
    }

    @Test
    void exitsUnderTcgHaveARowEach() throws Exception {
        Results results = new Results();
        new FreestandingRuns(System.out, Accelerator.TCG, SHORT, results).exits();
        assertRows(results.rows(), "unassigned-port futex, empty-exit futex, park-and-return futex, wake-by-agent futex, wake-by-interrupt futex", "park");
    }
}
