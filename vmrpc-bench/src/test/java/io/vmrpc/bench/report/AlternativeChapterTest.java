package io.vmrpc.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AlternativeChapterTest {
    private final List<Row> rows = new ArrayList<>();
    private final AlternativeChapter chapter = new AlternativeChapter();

    private void rows(final String variant, final String load, final String kernel, final long lateUs, final long tripUs, final String cpu, final String lost) {
        final Map<String, String> params = new HashMap<>(Map.of("kernel", kernel, "wait", variant.endsWith("polling") ? "poll" : "sleep", "dropped", lost));
        if (!cpu.isEmpty()) {
            params.put("cpu", cpu);
        }
        params.put("what", "timer");
        rows.add(Row.of("alternatives", variant, "tcg", load, params, figures(lateUs * 1_000)));
        params.put("what", "exchange");
        rows.add(Row.of("alternatives", variant, "tcg", load, params, figures(tripUs * 1_000)));
    }

    private static Figures figures(final long ns) {
        return new Figures(400, ns, ns, ns, 2 * ns, 3 * ns, 4 * ns);
    }

    @Test
    void whereAnAlternativeIsBetterIsSaidAsPlainlyAsWhereItIsWorse() {
        rows("vmrpc-parked", "none", "rt", 20, 200, "0.03", "0");
        rows("guest-polling", "none", "rt", 10, 600, "1.0100", "0");
        rows("container", "none", "", 10, 100, "0.0050", "0");
        final List<String> findings = chapter.findings(rows);
        assertEquals("Price of the loop, idle, of one host CPU: container on the host 0.5 %; guest that polls 101.0 %; VM long polling, Java 3.0 %.", findings.get(0));
        assertEquals(List.of(
            "container on the host against VM long polling, idle: better in lateness p50 2.00x, lateness p99 2.00x, exchange p50 2.00x, exchange p99 2.00x, "
                + "CPU time 6.00x; worse in nothing.",
            "guest that polls against VM long polling, idle: better in lateness p50 2.00x, lateness p99 2.00x; worse in exchange p50 3.00x, exchange p99 3.00x, "
                + "CPU time 33.6x."), findings.subList(1, findings.size()));
    }

    @Test
    void whyAGuestThatPollsIsLateIsSaidBelowItsTable() {
        rows("guest-tuned", "none", "rt", 10, 100, "0.1", "0");
        assertEquals("", chapter.tables(rows).get(0).note());
        rows("guest-polling", "none", "rt", 10, 100, "1.0", "0");
        assertTrue(chapter.tables(rows).get(0).note().startsWith("The host stops a real-time thread that never sleeps"));
    }

    @Test
    void whatIsWithinATenthIsNeitherBetterNorWorse() {
        rows("vmrpc-parked", "none", "rt", 100, 100, "0.0300", "0");
        rows("guest-tuned", "none", "rt", 95, 108, "0.0310", "0");
        assertEquals("guest, tuned against VM long polling, idle: better in nothing; worse in nothing.", chapter.findings(rows).get(1));
    }

    @Test
    void underLoadCpuTimeIsShownButNoPrice() {
        rows("vmrpc-parked", "both", "rt", 20, 200, "0.9", "0");
        rows("guest-tuned", "both", "rt", 20, 200, "0.1", "3");
        assertFalse(String.join(" ", chapter.findings(rows)).contains("CPU time"));
        final Chapter.Table table = chapter.tables(rows).get(0);
        assertEquals("90.0 %", table.lines().get(1).get(table.heads().indexOf("CPU")));
        assertTrue(table.note().endsWith("guest, tuned: 3 answers did not come within a second."), table.note());
    }

    @Test
    void rowsOfAnInterruptedRunMakeATable() {
        rows("container", "none", "", 10, 100, "", "0");
        rows("guest-plain", "none", "cloud", 10, 100, "", "0");
        rows("guest-fifo", "none", "rt", 10, 100, "", "0");
        rows.remove(rows.size() - 1);
        final Chapter.Table table = chapter.tables(rows).get(0);
        assertEquals(List.of("container on the host", "guest, ordinary process, cloud kernel"), table.lines().stream().map(line -> line.get(0)).toList());
        assertEquals(List.of("10.0 us", "20.0 us", "-", "40.0 us", "100 us", "200 us", "400 us", "-"),
            table.lines().get(0).subList(1, table.heads().size()));
        assertEquals(List.of("VM long polling itself was not measured: nothing to compare with."), chapter.findings(rows));
    }

    @Test
    void whatTheGuestCostsByItselfIsToldApart() {
        rows("vmrpc-parked", "none", "rt", 20, 200, "0.0300", "0");
        rows.add(Row.of("alternatives", "guest-idle", "tcg", "none", Map.of("what", "nothing", "kernel", "rt", "unit", "ns of CPU per second"),
            new Figures(1, 2e7, 20_000_000, 20_000_000, 20_000_000, 20_000_000, 20_000_000)));
        assertTrue(chapter.findings(rows).get(0).endsWith("2.0 % are the guest's own, without any loop."));
        final Chapter.Table table = chapter.tables(rows).get(0);
        assertEquals("2.0 %", table.lines().get(1).get(table.heads().indexOf("CPU")));
    }
}
