package io.vmrpc.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DensityReportTest {
    private final List<Row> rows = new ArrayList<>();
    private final DensityLines chapter = new DensityLines();

    private static Row row(final String variant, final int loops, final String what, final long p99, final int missed,
        final String... cpus) {
        final Map<String, String> params = new HashMap<>(Map.of("n", Integer.toString(loops), "what", what, "phases", "spread", "cycles",
            "1000",
            "missed", Integer.toString(missed), "cpus", "2"));
        for (int i = 0; i < cpus.length; i += 2) {
            params.put(cpus[i], cpus[i + 1]);
        }
        return Row.of("density", variant, "none", "none", params, new Figures(1000, p99 / 2.0, p99 / 2, p99 / 2, p99, p99, 2 * p99));
    }

    private void level(final String variant, final int loops, final long p99, final int missed, final String... cpus) {
        rows.add(row(variant, loops, "lateness", p99, missed, cpus));
        rows.add(row(variant, loops, "packet", 3 * p99, missed, cpus));
    }

    private static String limit(final Row row) {
        return DensityLimit.of(List.of(row)).orElse("keeps");
    }

    @Test
    void eachReasonToBreakIsTold() {
        assertEquals("keeps", limit(row("loopback", 50, "lateness", 999_000, 10, "cpu.total", "1.5")));
        assertTrue(limit(row("loopback", 50, "lateness", 1_100_000, 0, "cpu.total", "0.9")).contains("there is CPU left"));
        assertTrue(limit(row("loopback", 50, "lateness", 50_000, 11, "cpu.total", "1.4", "cpu.agent", "0.97"))
            .contains("the agent's one shard needs a whole CPU"));
        assertTrue(limit(row("qemu-freestanding", 80, "lateness", 50_000, 0, "cpu.total", "1.95", "cpu.loops", "1.2", "cpu.agent", "0.4"))
            .contains("used up, most of it by the QEMU processes"));
        assertTrue(limit(row("loopback", 80, "lateness", 50_000, 0, "cpu.total", "1.95", "cpu.loops", "0.5", "cpu.agent", "0.9"))
            .contains("most of it by the agent"));
        assertTrue(limit(row("loopback", 80, "lateness", 50_000, 0, "cpu.total", "1.0", "cpu.stolen", "0.95"))
            .contains("neither loops nor agent"));
        assertTrue(limit(row("loopback", 80, "lateness", 1_100_000, 0, "cpu.total", "2.0", "cpu.before", "0.5"))
            .contains("others on this machine used 0.50"));
        assertEquals("keeps", limit(row("loopback", 80, "lateness", 50_000, 0, "cpu.total", "2.0", "cpu.before", "0.5")));
    }

    @Test
    void aKindIsToldByWhereItKeepsItsTimeAndWhereItBreaks() {
        level("qemu-freestanding", 40, 80_000, 0, "cpu.total", "0.8");
        level("qemu-freestanding", 80, 5_000_000, 300, "cpu.total", "1.99", "cpu.loops", "1.5", "cpu.agent", "0.3");
        level("host-threads", 1600, 80_000, 0, "cpu.total", "0.8");
        final List<String> findings = chapter.findings(rows);
        assertTrue(findings.get(0).startsWith("QEMU processes, a freestanding guest in each: 40 keep their time: lateness p99 80.0 us, 0 " +
            "% of the cycles missed, " +
            "0.80 of 2 CPUs used; 80 break: lateness p99 5.00 ms, 30.0 % of the cycles missed, because the CPU is used up, most of it by " +
                "the QEMU processes"), findings.get(0));
        assertTrue(findings.get(1).endsWith("so where it breaks is not known."), findings.get(1));
        assertTrue(findings.get(2).contains("Here 20 for each CPU"), findings.get(2));
    }

    @Test
    void everyMeasurementIsALineWithItsPackets() {
        level("loopback", 50, 80_000, 0, "cpu.total", "0.8", "cpu.loops", "0.4", "cpu.agent", "0.2", "cpu.peer", "0.1");
        rows.add(row("loopback", 100, "lateness", 90_000, 0, "cpu.total", "0.9")); // an interrupted run
        final Chapter.Table table = chapter.tables(rows).get(0);
        assertEquals(List.of("50", "40.0 us", "80.0 us", "80.0 us", "160 us", "120 us", "240 us", "0 %", "0.80", "0.40", "0.20", "0.10",
            "0.10"), table.lines().get(0));
        assertEquals("100", table.lines().get(1).get(0));
    }

    @Test
    void collectionsAreToldBesideWhatTheyDelayed() {
        level("loopback-gc", 50, 80_000, 4, "cpu.total", "0.8", "gc.count", "12", "gc.longest_us", "31005");
        final String finding = chapter.findings(rows).get(1);
        assertTrue(finding.contains("stopped 12 times") && finding.contains("at most for 31.0 ms") && finding
            .contains("took at most 480 us"), finding);
    }
}
