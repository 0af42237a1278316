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
class NetReportTest {
    private static final long US = 1_000;
    private static final long MB = 1_000_000;
    private final List<Row> rows = new ArrayList<>();

    private void exchange(final String variant, final String host, final int sockets, final long p50, final long p999) {
        rows.add(Row.of("net", variant, "tcg", "both", Map.of("host", host, "sockets", Integer.toString(sockets), "payload", "64"),
            new Figures(10_000, p50 * US, p50 * US, p50 * US, p999 * US, p999 * US, p999 * US)));
    }

    private void stream(final String variant, final String host, final long megabytes) {
        rows.add(Row.of("net", variant, "tcg", "both", Map.of("host", host, "sockets", "1", "unit", "bytes/s"),
            new Figures(6, megabytes * MB, megabytes * MB, megabytes * MB, megabytes * MB, megabytes * MB, megabytes * MB)));
    }

    private void all(final int sockets, final long ours, final long slowest) {
        exchange("vmrpc-udp", "vcpu-fifo", sockets, ours, 10 * ours);
        exchange("vmrpc-tcp-rr", "vcpu-fifo", sockets, ours, 10 * ours);
        for (final String variant : List.of("virtio-net-udp", "virtio-net-tcp-rr")) {
            exchange(variant, "untouched", sockets, slowest, 9_000);
            exchange(variant, "vcpu-fifo", sockets, 300, 8_000);
            exchange(variant, "all-fifo", sockets, 400, 3_000);
        }
    }

    private TargetResult target(final Target target) {
        return Summary.of(rows, Depth.FULL).targets().stream().filter(result -> result.target() == target).findFirst().orElseThrow();
    }

    @Test
    void eachStatisticIsHeldAgainstItsOwnBest() {
        all(1, 30, 500);
        assertEquals(Outcome.REACHED, target(Target.NET_UDP_P50).outcome());
        assertEquals("vcpu-fifo", target(Target.NET_UDP_P50).worst().orElseThrow().baselineRow().orElseThrow().param("host"));
        assertEquals("all-fifo", target(Target.NET_UDP_P999).worst().orElseThrow().baselineRow().orElseThrow().param("host"));
        assertEquals(Outcome.REACHED, target(Target.NET_TCP_RR).outcome());
        all(20, 60, 500);
        assertEquals("5.00x (worst of 2: UDP echo, 64 bytes, 20 sockets, guest and host loaded)", target(Target.NET_UDP_P50).evidence());
        assertEquals(Outcome.NOT_REACHED, target(Target.NET_UDP_P50).outcome());
    }

    @Test
    void aStreamIsHeldAgainstTheFastest() {
        stream("vmrpc-tcp-bulk", "vcpu-fifo", 600);
        stream("virtio-net-tcp-bulk", "untouched", 100);
        stream("virtio-net-tcp-bulk", "vcpu-fifo", 200);
        assertEquals(Outcome.NOT_JUDGED, target(Target.NET_TCP_BULK).outcome(), "a row is missing");
        stream("virtio-net-tcp-bulk", "all-fifo", 150);
        assertEquals(Outcome.REACHED, target(Target.NET_TCP_BULK).outcome(), "600 / 200 is still 3");
        stream("virtio-net-tcp-bulk", "all-fifo", 201);
        assertEquals(Outcome.NOT_REACHED, target(Target.NET_TCP_BULK).outcome());
    }

    @Test
    void theLimitStandsBesideItsOwnNumberOfSockets() {
        all(1, 30, 500);
        all(20, 60, 500);
        rows.add(Row.of("net", "limit-udp", "none", "both", Map.of("sockets", "20", "payload", "64"),
            new Figures(10_000, 33_000, 33_000, 33_000, 33_000, 33_000, 33_000)));
        final List<String> lines = TerminalTable.render(Summary.of(rows, Depth.FULL), false).lines().filter(line -> line.contains("UDP echo, 64 bytes")).toList();
        assertTrue(lines.stream().anyMatch(line -> line.contains("20 sockets") && line.endsWith("33.0 us")), lines::toString);
        assertTrue(lines.stream().anyMatch(line -> !line.contains("20 sockets") && !line.contains("33.0")), lines::toString);
    }

    @Test
    void tableAndPageShowExchangesAndStreams() {
        all(1, 30, 500);
        all(20, 60, 500);
        stream("vmrpc-tcp-bulk", "vcpu-fifo", 600);
        stream("virtio-net-tcp-bulk", "all-fifo", 150);
        final String table = TerminalTable.render(Summary.of(rows, Depth.FULL), false);
        for (final String text : List.of("Round trip to a peer on the network, TCG guest", "  UDP echo, 64 bytes, 20 sockets", "  TCP request, 64 bytes",
            "Stream to a peer on the network, TCG guest", "  TCP stream", "600", "4.00x")) {
            assertTrue(table.contains(text), text + " is missing from:\n" + table);
        }
        final String page = HtmlReport.render(Summary.of(rows, Depth.FULL), new HashMap<>(), List.of());
        for (final String text : List.of("sockets of the host, VM long polling", "virtio-net, all-fifo", "600 MB/s", "A datagram to another machine and back")) {
            assertTrue(page.contains(text), text);
        }
    }
}
