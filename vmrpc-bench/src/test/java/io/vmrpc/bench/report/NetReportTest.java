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

    private void withoutVm(final String variant, final Map<String, String> params, final long value) {
        rows.add(Row.of(variant.startsWith("limit") ? "rpc" : "net", variant, "none", "none", params, new Figures(10_000, value, value, value, value, value, value)));
    }

    private static Map<String, String> cost(final String place) {
        return Map.of("place", place, "payload", "65536", "unit", "bytes/cpu-s", "rate.mb", "900", "peer.cpu", "50");
    }

    @Test
    void sockperfIsJudgedByItselfAndQperfIsShown() {
        all(1, 30, 500);
        exchange("sockperf-vmrpc-udp", "vcpu-fifo", 1, 40, 90);
        exchange("sockperf-vmrpc-tcp-rr", "vcpu-fifo", 1, 20, 90);
        for (final String host : Variants.HOSTS) {
            exchange("sockperf-virtio-net-udp", host, 1, 360, 900);
            exchange("sockperf-virtio-net-tcp-rr", host, 1, 360, 900);
            exchange("qperf-virtio-net-udp", host, 1, 333, 333);
        }
        assertEquals(Outcome.REACHED, target(Target.NET_UDP_P50).outcome(), "of our own rows");
        assertEquals("9.00x (UDP echo, 64 bytes, sockperf, guest and host loaded)", target(Target.NET_SOCKPERF_UDP_P50).evidence());
        assertEquals(Outcome.NOT_REACHED, target(Target.NET_SOCKPERF_UDP_P50).outcome());
        assertEquals(Outcome.REACHED, target(Target.NET_SOCKPERF_UDP_P999).outcome());
        assertEquals(Outcome.REACHED, target(Target.NET_SOCKPERF_TCP_RR).outcome());
        final String table = TerminalTable.render(Summary.of(rows, Depth.FULL), false);
        assertTrue(table.lines().anyMatch(line -> line.matches(" *UDP echo, 64 bytes, qperf +- +- +- +333 us +- .*")), table);
    }

    @Test
    void whatAnAgentAddsIsHeldAgainstTwoHandOvers() {
        withoutVm("vmrpc-udp", Map.of("sockets", "1", "payload", "64"), 90 * US);
        withoutVm("host-udp", Map.of("sockets", "1", "payload", "64"), 50 * US);
        assertEquals(Outcome.NOT_MEASURED, target(Target.NET_ADDED).outcome());
        withoutVm("limit-futex", Map.of(), 30 * US);
        assertEquals(Outcome.NOT_REACHED, target(Target.NET_ADDED).outcome());
        assertEquals("+10.0 us (UDP echo, 64 bytes, idle)", target(Target.NET_ADDED).evidence());
        withoutVm("limit-futex", Map.of(), 40 * US);
        assertEquals(Outcome.REACHED, target(Target.NET_ADDED).outcome());
    }

    @Test
    void whatAStreamCostsIsHeldAgainstAPlainClientInTheSamePlace() {
        for (final String place : Variants.PLACES) {
            withoutVm("host-tcp-cpu", cost(place), place.equals(Variants.APART) ? 2_000 * MB : 6_000 * MB);
        }
        withoutVm("vmrpc-tcp-cpu", cost(Variants.APART), 1_400 * MB);
        assertEquals(Outcome.NOT_MEASURED, target(Target.NET_COST).outcome(), "one place is missing");
        withoutVm("vmrpc-tcp-cpu", cost(Variants.WITH_PEER), 4_200 * MB);
        assertEquals(Outcome.REACHED, target(Target.NET_COST).outcome(), "0.7 in both");
        withoutVm("vmrpc-tcp-cpu", cost(Variants.WITH_PEER), 4_100 * MB);
        assertEquals("0.69x (worst of 2: TCP stream, 65536 bytes, CPU of the peer, idle)", target(Target.NET_COST).evidence().replace("0.684x", "0.69x"));
        assertEquals(Outcome.NOT_REACHED, target(Target.NET_COST).outcome());
        assertTrue(HtmlReport.render(Summary.of(rows, Depth.FULL), new HashMap<>(), List.of()).contains("MB/CPU-s"));
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
