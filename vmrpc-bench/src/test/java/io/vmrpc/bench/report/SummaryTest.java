package io.vmrpc.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.bench.report.Comparison.Baseline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SummaryTest {
    private final List<Row> rows = new ArrayList<>();

    private void row(final String bench, final String variant, final String vm, final String load, final Map<String, String> params,
                     final long p50, final long p99, final long p999) {
        rows.add(Row.of(bench, variant, vm, load, params, new Figures(10_000, p50, p50, p50, p99, p999, p999)));
    }

    private void timer(final String variant, final String host, final long p50, final long p99) {
        row("timer", variant, "tcg", "both", host.isEmpty() ? Map.of("period", "2ms") : Map.of("period", "2ms", "host", host), p50, p99, p99);
    }

    private TargetResult target(final Target target, final Depth depth) {
        return Summary.of(rows, depth).targets().stream().filter(result -> result.target() == target).findFirst().orElseThrow();
    }

    private void goodTimers() {
        timer("longpoll-periodic", "", 10, 100);
        timer("guest-periodic", "untouched", 900, 6_000);
        timer("guest-periodic", "vcpu-fifo", 85, 9_000);
        timer("guest-periodic", "all-fifo", 100, 299);
        row("timer", "host-cyclictest", "none", "both", Map.of(), 20, 50, 60);
    }

    @Test
    void eachPercentileHasItsOwnBestConventional() {
        goodTimers();
        final TargetResult p50 = target(Target.TIMER_P50_BEST, Depth.QUICK);
        assertEquals(8.5, p50.worst().orElseThrow().ratio().orElseThrow());
        assertEquals("vcpu-fifo", p50.worst().orElseThrow().baselineRow().orElseThrow().param("host"));
        assertEquals(Outcome.REACHED, p50.outcome());
        final TargetResult p99 = target(Target.TIMER_P99_BEST, Depth.QUICK);
        assertEquals("all-fifo", p99.worst().orElseThrow().baselineRow().orElseThrow().param("host"));
        assertEquals(Outcome.NOT_REACHED, p99.outcome(), "299 / 100 is below 3");
        assertTrue(p99.evidence().startsWith("2.99x"), p99.evidence());
        assertEquals(60, target(Target.TIMER_P99_UNTOUCHED, Depth.QUICK).worst().orElseThrow().ratio().orElseThrow());
        assertEquals(2, target(Target.TIMER_P99_CYCLICTEST, Depth.QUICK).worst().orElseThrow().ratio().orElseThrow());
    }

    @Test
    void aTargetIsReachedOnlyInItsWorstCase() {
        goodTimers();
        for (final Row row : List.copyOf(rows)) {
            final Figures slow = new Figures(10_000, 11, 11, 11, 200, 200, 200);
            rows.add(row.variant().equals("longpoll-periodic")
                ? Row.of("timer", row.variant(), "tcg", "both", Map.of("period", "10ms"), slow) : row.withParam("period", "10ms"));
        }
        final TargetResult result = target(Target.TIMER_P99_UNTOUCHED, Depth.FULL);
        assertEquals(2, result.comparisons().size());
        assertEquals(Outcome.NOT_REACHED, result.outcome());
        assertEquals("10ms", result.worst().orElseThrow().scenario().period());
    }

    @Test
    void otherLoadsHaveRatiosAndNoTarget() {
        goodTimers();
        final List<Row> idle = rows.stream().map(row -> row.in(row.vm(), "none")).toList();
        rows.clear();
        rows.addAll(idle);
        assertEquals(Outcome.NOT_MEASURED, target(Target.TIMER_P50_BEST, Depth.FULL).outcome());
        assertTrue(Summary.of(rows, Depth.FULL).comparisons().stream().allMatch(one -> one.ratio().isPresent() && one.target().isEmpty()));
    }

    @Test
    void everyMissingRowIsSaidAndNothingCrashes() {
        goodTimers();
        for (int left = 0; left < rows.size(); left++) {
            final List<Row> some = new ArrayList<>(rows);
            final Row removed = some.remove(left);
            final Summary summary = Summary.of(some, Depth.FULL);
            assertFalse(TerminalTable.render(summary, false).isEmpty());
            assertTrue(summary.targets().stream().filter(result -> result.target().name().startsWith("TIMER"))
                .anyMatch(result -> result.outcome() == Outcome.NOT_MEASURED || result.outcome() == Outcome.NOT_JUDGED), removed.toString());
        }
        final Summary nothing = Summary.of(List.of(), Depth.FULL);
        assertTrue(nothing.targets().stream().allMatch(result -> result.outcome() == Outcome.NOT_MEASURED));
        assertTrue(nothing.headline().contains("nothing"), nothing.headline());
        assertTrue(TerminalTable.render(nothing, false).contains("not measured"));
    }

    @Test
    void zeroLatenessAndZeroSamplesAreNotMeasured() {
        timer("longpoll-periodic", "", 0, 0);
        timer("guest-periodic", "untouched", 900, 6_000);
        rows.add(Row.of("timer", "host-cyclictest", "none", "both", Map.of(), new Figures(0, 0, 0, 0, 0, 0, 0)));
        final Summary summary = Summary.of(rows, Depth.FULL);
        assertTrue(summary.comparisons().stream().allMatch(one -> one.ratio().isEmpty() && one.outcome() == Outcome.NOT_MEASURED));
        assertTrue(summary.comparisons().stream().allMatch(one -> one.words().equals("not measured")));
    }

    @Test
    void callsAreComparedWithTcpAndWithTheLimits() {
        row("rpc", "vmrpc-parked", "tcg", "none", Map.of(), 50, 100, 600);
        row("rpc", "virtio-net-tcp", "tcg", "none", Map.of("host", "untouched"), 1_000, 2_000, 2_999);
        row("rpc", "limit-spin", "none", "none", Map.of(), 4, 4, 4);
        row("rpc", "limit-futex", "none", "none", Map.of(), 10, 10, 10);
        row("rpc", "vmrpc-spinning", "none", "none", Map.of(), 10, 10, 10);
        row("rpc", "vmrpc-parked", "none", "none", Map.of(), 14, 14, 14);
        assertEquals(Outcome.REACHED, target(Target.RPC_P50_TCP, Depth.QUICK).outcome());
        assertEquals(Outcome.NOT_JUDGED, target(Target.RPC_P999_TCP, Depth.QUICK).outcome(), "a quick run has too few samples");
        assertEquals(Outcome.NOT_REACHED, target(Target.RPC_P999_TCP, Depth.FULL).outcome());
        assertEquals(Outcome.REACHED, target(Target.LOOPBACK_SPIN, Depth.QUICK).outcome(), "2.5 is still within 2.5");
        assertEquals(Outcome.NOT_REACHED, target(Target.LOOPBACK_PARKED, Depth.QUICK).outcome());
        final Summary summary = Summary.of(rows, Depth.QUICK);
        assertEquals(5, summary.comparison(summary.scenarios().get(0), "vmrpc-parked", Baseline.FUTEX_LIMIT, Statistic.P50)
            .orElseThrow().ratio().orElseThrow());
    }

    @Test
    void aTargetOfOtherRowsIsNotMeasuredAtAnyDepth() {
        goodTimers();
        for (final Depth depth : Depth.values()) {
            final TargetResult calls = target(Target.RPC_P999_TCP, depth);
            assertEquals(Outcome.NOT_MEASURED, calls.outcome(), depth.name());
            assertEquals("no such rows in this run", calls.evidence(), depth.name());
            assertFalse(TerminalTable.render(Summary.of(rows, depth), false).contains(Target.RPC_P999_TCP.words()), depth.name());
        }
        row("rpc", "vmrpc-parked", "tcg", "none", Map.of(), 50, 100, 600);
        row("rpc", "virtio-net-tcp", "tcg", "none", Map.of("host", "untouched"), 1_000, 2_000, 6_000);
        assertEquals("needs the full run", target(Target.RPC_P999_TCP, Depth.QUICK).evidence());
        assertTrue(Summary.of(rows, Depth.QUICK).comparisons().stream().noneMatch(one -> one.statistic() == Statistic.P999), "beyond this depth");
    }

    @Test
    void fewSamplesAreNotJudged() {
        goodTimers();
        rows.set(0, Row.of("timer", "longpoll-periodic", "tcg", "both", Map.of("period", "2ms"), new Figures(99, 10, 10, 10, 20, 20, 20)));
        assertEquals(Outcome.NOT_JUDGED, target(Target.TIMER_P99_BEST, Depth.FULL).outcome());
        assertEquals(Outcome.REACHED, target(Target.TIMER_P50_BEST, Depth.FULL).outcome());
    }

    @Test
    void aSlowerLongPollIsCalledSlower() {
        timer("longpoll-periodic", "", 1_000, 1_000);
        timer("guest-periodic", "untouched", 500, 500);
        final String headline = Summary.of(rows, Depth.QUICK).headline();
        assertTrue(headline.contains("2.00 times less punctually"), headline);
        assertTrue(headline.contains("without vcpu-fifo, all-fifo"), "the best of one must not pass for the best of three: " + headline);
    }

    @Test
    void theTableIsAsciiAndFitsTheTerminal() {
        rows.addAll(SampleRun.of(1_000));
        rows.add(Row.of("timer", "longpoll-periodic", "\033[31mtcg", "none", Map.of("period", "2ms\n"), new Figures(1, 1, 1, 1, 1, 1, 1)));
        TerminalTable.render(Summary.of(rows, Depth.QUICK), false).lines().forEach(line -> {
            assertTrue(line.length() <= 100, line);
            assertTrue(line.chars().allMatch(c -> c >= 0x20 && c < 0x7f), line);
        });
    }
}
