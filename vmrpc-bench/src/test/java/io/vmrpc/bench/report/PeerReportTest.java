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
class PeerReportTest {
    private final List<Row> rows = new ArrayList<>();

    private void row(final String variant, final String cpus, final int bytes, final long p50) {
        rows.add(Row.of("peers", variant, "none", "none",
            Map.of("bytes", Integer.toString(bytes), "wait", PeerVariants.waitOf(variant), "cpus", cpus, "cpu_ns", Long.toString(2 * p50)),
            new Figures(10_000, p50, p50, p50, 10 * p50, 10 * p50, 10 * p50)));
    }

    private void blocking(final String cpus, final int bytes, final long raw, final long jdk, final long grpc) {
        row("vmrpc-raw-parked", cpus, bytes, raw);
        row("jdk-uds", cpus, bytes, jdk);
        row("netty-uds", cpus, bytes, 2 * jdk);
        row("grpc-tcp", cpus, bytes, grpc + 1_000);
        row("grpc-uds", cpus, bytes, grpc);
    }

    private TargetResult target(final Target target) {
        return Summary.of(rows, Depth.QUICK).targets().stream().filter(result -> result.target() == target).findFirst().orElseThrow();
    }

    @Test
    void bothTransportsOfGrpcAreJudgedWhereCallsAreShort() {
        blocking("one", 8, 8_000, 10_000, 90_000);
        blocking("any", 256, 10_000, 10_000, 80_000);
        blocking("one", 1 << 20, 100_000, 300_000, 400_000);
        assertEquals(Outcome.REACHED, target(Target.PEERS_GRPC).outcome());
        assertEquals(4, target(Target.PEERS_GRPC).comparisons().size());
        assertEquals("8.00x (worst of 4: call of 256 bytes, parked or blocking, on any CPU, idle)", target(Target.PEERS_GRPC).evidence());
        blocking("any", 8, 10_001, 10_000, 80_000);
        assertEquals(Outcome.NOT_REACHED, target(Target.PEERS_GRPC).outcome());
    }

    @Test
    void onlyWhatWaitsAlikeAtTheSamePlaceIsCompared() {
        blocking("one", 8, 8_000, 7_000, 90_000);
        row("aeron-ipc", "two", 8, 100);
        assertEquals(Outcome.NOT_REACHED, target(Target.PEERS_JDK).outcome(), "8 / 7 is above 1.1");
        assertEquals(Outcome.NOT_MEASURED, target(Target.PEERS_AERON).outcome(), "nothing of ours spun");
        row("vmrpc-raw-spinning", "two", 8, 101);
        assertEquals(Outcome.NOT_REACHED, target(Target.PEERS_AERON).outcome());
        row("vmrpc-raw-spinning", "two", 8, 100);
        assertEquals(Outcome.REACHED, target(Target.PEERS_AERON).outcome(), "the later row counts");
    }

    @Test
    void typedCallsAreHeldAgainstRawOnesAndAgainstTheOthers() {
        blocking("one", 8, 8_000, 10_000, 90_000);
        assertEquals(Outcome.NOT_MEASURED, target(Target.PEERS_TYPED).outcome());
        row("vmrpc-typed-parked", "one", 8, 12_000);
        assertEquals(Outcome.REACHED, target(Target.PEERS_TYPED).outcome(), "12 / 8 is still 1.5");
        assertEquals(Outcome.NOT_REACHED, target(Target.PEERS_JDK).outcome(), "12 / 10 is above 1.1, though the raw call is below");
        assertEquals("vmrpc-typed-parked", target(Target.PEERS_GRPC).worst().orElseThrow().subject());
    }

    @Test
    void tableAndPageShowEveryWayWithItsCpuTime() {
        blocking("one", 8, 8_000, 10_000, 90_000);
        blocking("any", 16_384, 9_000, 11_000, 95_000);
        row("vmrpc-raw-spinning", "two", 1 << 20, 110_000);
        row("aeron-ipc", "two", 1 << 20, 55_000);
        final String table = TerminalTable.render(Summary.of(rows, Depth.QUICK), false);
        for (final String text : List.of("Calls between two processes, parked or blocking, on one CPU", "Calls between two processes, spinning, a CPU each",
            "8 bytes", "16 KiB", "1 MiB", "  grpc-uds", "180 us", "11.2x", "0.50x", "gRPC over a Unix socket")) {
            assertTrue(table.contains(text), text + " is missing from:\n" + table);
        }
        final String page = HtmlReport.render(Summary.of(rows, Depth.QUICK), new HashMap<>(), List.of());
        for (final String text : List.of("gRPC, Unix socket", "VMRPC, raw channel", "cpu_ns=180000", "A parked call into another process takes 8.00 µs")) {
            assertTrue(page.contains(text), text);
        }
    }

    private void cost(final String variant, final String unit, final long value) {
        rows.add(Row.of("channels", variant, "none", "none", Map.of("unit", unit, "count", "200"), new Figures(1, value, value, value, value, value, value)));
    }

    @Test
    void idleChannelsHaveATableOfTheirOwn() {
        assertEquals("", PeerLines.idle(rows));
        cost("channel-cpu", PeerVariants.CPU_PER_SECOND, 1_200);
        cost("channel-region", PeerVariants.MEMORY, 1_085_440);
        cost("channel-resident", PeerVariants.MEMORY, 2_700);
        final String table = PeerLines.idle(rows);
        for (final String text : List.of("channel (of 200)", "1.20 us", "1.04 MiB", "2,700 bytes", " -")) {
            assertTrue(table.contains(text), text + " is missing from:\n" + table);
        }
        assertFalse(TerminalTable.render(Summary.of(rows, Depth.QUICK), false).contains("channel-cpu"));
    }
}
