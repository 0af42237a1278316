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
class ResponseReportTest {
    private final List<Row> rows = new ArrayList<>();
    private final ResponseChapter chapter = new ResponseChapter();

    private void row(final String bench, final String variant, final String load, final long p99, final long max, final String... params) {
        final Map<String, String> all = new HashMap<>();
        for (int i = 0; i < params.length; i += 2) {
            all.put(params[i], params[i + 1]);
        }
        rows.add(Row.of(bench, variant, "tcg", load, all, new Figures(500, p99, p99 / 2, p99, p99, max, max)));
    }

    private void handlers(final String load, final long ours, final long untouched, final long allFifo) {
        final String[] given = {"period", "10ms", "kind", "periodic", "quantity", "interval", "language", "Java", "host"};
        for (final String host : new String[] {"", "untouched", "all-fifo"}) {
            final String[] params = java.util.Arrays.copyOf(given, given.length + 1);
            params[given.length] = host.isEmpty() ? "vcpu-fifo" : host;
            final long p99 = host.isEmpty() ? ours : host.equals("untouched") ? untouched : allFifo;
            row("response-timer", host.isEmpty() ? "longpoll-periodic" : "guest-periodic", load, p99, 2 * p99, params);
        }
    }

    private List<String> line(final String caption, final String begins) {
        return chapter.tables(rows).stream().filter(table -> table.caption().startsWith(caption)).flatMap(table -> table.lines().stream())
            .filter(line -> line.get(0).startsWith(begins)).findFirst().orElseThrow();
    }

    @Test
    void handlersAreComparedWithTheBestScheduling() {
        handlers("none", 2_000, 400_000, 100_000);
        handlers("both+network", 3_000, 5_000_000, 90_000);
        final List<String> idle = line("How far", "10 ms periodic, Java, idle");
        assertEquals(List.of("1.00 us / 2.00 us / 4.00 us", "200 us / 400 us / 800 us", "-", "50.0 us / 100 us / 200 us", "50.0x", "50.0x", "16 us"), idle.subList(1, 8));
        assertEquals("30.0x", line("How far", "10 ms periodic, Java, loaded, packets").get(5));
        assertEquals("21.8 ms", line("How far", "10 ms periodic, Java, loaded, packets").get(7));
        assertTrue(chapter.findings(rows).get(0).contains("3.00 us at p99 and 6.00 us at most, conventionally at best 90.0 us (30.0x)"), chapter.findings(rows).get(0));
        assertEquals(1, chapter.findings(rows).size(), "nothing was worse");
    }

    @Test
    void whatIsNotBetterIsSaid() {
        handlers("both+network", 90_000, 500_000, 60_000);
        final List<String> findings = chapter.findings(rows);
        assertTrue(findings.get(findings.size() - 1).contains("10 ms periodic, Java, loaded, packets at p99 (0.66x)"), findings.toString());
    }

    @Test
    void exchangesAreTimesOurs() {
        row("response-network", "vmrpc-udp-one-thread", "both", 200_000, 400_000, "host", "vcpu-fifo");
        row("response-network", "virtio-net-udp-threads", "both", 8_000_000, 16_000_000, "host", "untouched");
        row("response-network", "virtio-net-udp-one-thread", "both", 2_000_000, 2_400_000, "host", "all-fifo");
        final List<String> threads = line("From sending", "loaded: virtio-net, 20 threads that block, untouched");
        assertEquals(List.of("40.0x", "40.0x", ResponseCases.PUBLISHED_NETWORK), threads.subList(5, 8));
        assertEquals("-", threads.get(3), "500 samples say nothing of p99.9");
        assertTrue(chapter.findings(rows).get(0).contains("2.00 ms (10.0x) and 2.40 ms (6.00x)"), chapter.findings(rows).toString());
    }

    @Test
    void aTimeLineHasALineForEachPhase() {
        final String[] phases = {"none", "none", "both", "both", "none", "none"};
        for (int second = 0; second < phases.length; second++) {
            row("timeline", "longpoll-periodic", phases[second], 2_000, 3_000 + second, "second", Integer.toString(second), "phase", phases[second]);
            row("timeline", "guest-periodic", phases[second], 200_000, second == 3 ? 9_000_000 : 300_000, "second", Integer.toString(second), "phase", phases[second]);
        }
        final List<List<String>> lines = chapter.tables(rows).get(0).lines();
        assertEquals(3, lines.size());
        assertEquals(List.of("loaded, 2 s", "1.00 us", "3.00 us", "100 us", "9.00 ms"), lines.get(1));
    }

    @Test
    void rowsOfAnInterruptedRunMakeNoTableOfNothing() {
        row("response-timer", "longpoll-periodic", "none", 2_000, 4_000, "period", "10ms", "kind", "periodic", "quantity", "lateness", "language", "Java", "host", "vcpu-fifo");
        assertEquals(1, chapter.tables(rows).size());
        assertEquals("-", line("How late", "10 ms periodic").get(5));
        assertTrue(chapter.findings(rows).isEmpty());
    }
}
