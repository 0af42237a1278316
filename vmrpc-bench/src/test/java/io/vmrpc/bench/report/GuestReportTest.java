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
class GuestReportTest {
    private static final long US = 1_000;
    private final List<Row> rows = new ArrayList<>();

    private void row(final String variant, final String load, final Map<String, String> params, final long mean, final long p99, final long max) {
        rows.add(Row.of("guest", variant, variant.endsWith("-host") ? "none" : "tcg", load, params,
            new Figures(10_000, mean * US, mean * US, mean * US, p99 * US, p99 * US, max * US)));
    }

    private static Map<String, String> with(final Map<String, String> params, final String name, final String value) {
        final Map<String, String> more = new HashMap<>(params);
        more.put(name, value);
        return more;
    }

    /** Without VMRPC the best mean is of vcpu-fifo, the best maximum of all-fifo. */
    private void conventional(final String variant, final String load, final Map<String, String> params) {
        row(variant, load, with(params, "host", "untouched"), 200, 900, 9_000);
        row(variant, load, with(params, "host", "vcpu-fifo"), 80, 600, 5_000);
        row(variant, load, with(params, "host", "all-fifo"), 100, 500, 1_000);
    }

    private void cyclictest(final String load, final String period, final long direct, final long shared) {
        final Map<String, String> params = Map.of("period", period, "threads", "1");
        conventional("cyclictest-guest", load, params);
        row("cyclictest-host", load, params, 5, 10, 50);
        row("cyclictest-vmrpc", load, with(with(params, "host", "vcpu-fifo"), "mode", "direct"), direct, 20, 100);
        row("cyclictest-vmrpc", load, with(with(params, "host", "vcpu-fifo"), "mode", "shared"), shared, 60, 400);
    }

    private void video(final long p99) {
        final Map<String, String> params = Map.of("period", "20ms", "drift", "35", "dropped", "0");
        conventional("video-guest", "both", params);
        row("video-vmrpc", "both", with(with(params, "host", "vcpu-fifo"), "mode", "shared"), 10, p99, 1_000);
    }

    private TargetResult target(final Target target, final Depth depth) {
        return Summary.of(rows, depth).targets().stream().filter(result -> result.target() == target).findFirst().orElseThrow();
    }

    @Test
    void meanAndMaximumAreHeldAgainstTheirOwnBest() {
        cyclictest("both", "1ms", 10, 40);
        assertEquals(Outcome.REACHED, target(Target.GUEST_MEAN, Depth.QUICK).outcome(), "80 / 10 is still 8");
        assertEquals(8, target(Target.GUEST_MEAN, Depth.QUICK).worst().orElseThrow().ratio().orElseThrow());
        assertEquals("needs the full run", target(Target.GUEST_MAX, Depth.QUICK).evidence());
        final TargetResult max = target(Target.GUEST_MAX, Depth.FULL);
        assertEquals(Outcome.REACHED, max.outcome());
        assertEquals("all-fifo", max.worst().orElseThrow().baselineRow().orElseThrow().param("host"));
        cyclictest("both", "10ms", 11, 40);
        assertEquals(Outcome.NOT_REACHED, target(Target.GUEST_MEAN, Depth.QUICK).outcome());
        assertEquals("7.27x (worst of 2: 10 ms, guest and host loaded)", target(Target.GUEST_MEAN, Depth.QUICK).evidence());
    }

    @Test
    void sharedMayBeSoMuchAboveDirectAndBelow() {
        cyclictest("both", "1ms", 10, 40);
        assertEquals(Outcome.REACHED, target(Target.GUEST_SHARED, Depth.QUICK).outcome(), "30 us above is still within 30 us");
        assertEquals("at most 30 us above", Target.GUEST_SHARED.boundWords());
        cyclictest("none", "1ms", 10, 41);
        assertEquals(Outcome.NOT_REACHED, target(Target.GUEST_SHARED, Depth.QUICK).outcome());
        assertEquals("+31.0 us (worst of 2: 1 ms, idle)", target(Target.GUEST_SHARED, Depth.QUICK).evidence());
        rows.clear();
        cyclictest("both", "1ms", 10, 4);
        assertTrue(target(Target.GUEST_SHARED, Depth.QUICK).evidence().startsWith("-6.00 us"), target(Target.GUEST_SHARED, Depth.QUICK).evidence());
    }

    @Test
    void theHostsOwnIsOfTheSamePeriodAndOfOneThread() {
        cyclictest("both", "1ms", 10, 40);
        final Map<String, String> four = Map.of("period", "1ms", "threads", "4");
        conventional("cyclictest-guest", "both", four);
        row("cyclictest-vmrpc", "both", with(with(four, "host", "vcpu-fifo"), "mode", "shared"), 70, 80, 90);
        video(100);
        final Summary summary = Summary.of(rows, Depth.FULL);
        assertEquals(2, target(Target.GUEST_CYCLICTEST, Depth.FULL).worst().orElseThrow().ratio().orElseThrow());
        assertEquals(List.of("1 ms", "1 ms x4", "20 ms"), summary.scenarios().stream().map(Scenario::subject).toList());
        assertEquals(List.of(6, 4, 4), summary.scenarios().stream().map(scenario -> summary.rows(scenario).size()).toList());
        assertEquals(1, target(Target.GUEST_MEAN, Depth.FULL).comparisons().size(), "several threads are promised nothing");
    }

    @Test
    void theVideoIsJudgedAtItsP99() {
        video(100);
        assertEquals(Outcome.REACHED, target(Target.GUEST_VIDEO, Depth.QUICK).outcome(), "500 / 100 is still 5");
        video(101);
        assertEquals(Outcome.NOT_REACHED, target(Target.GUEST_VIDEO, Depth.QUICK).outcome());
    }

    @Test
    void everyMissingRowIsSaid() {
        cyclictest("both", "1ms", 10, 40);
        for (int left = 0; left < rows.size(); left++) {
            final List<Row> some = new ArrayList<>(rows);
            final Row removed = some.remove(left);
            final Summary summary = Summary.of(some, Depth.FULL);
            assertTrue(summary.targets().stream().filter(result -> result.target().name().startsWith("GUEST_") && result.target() != Target.GUEST_VIDEO)
                .anyMatch(result -> result.outcome() != Outcome.REACHED), removed.toString());
            assertFalse(TerminalTable.render(summary, false).isEmpty());
        }
    }

    @Test
    void tableAndPageShowEveryProgram() {
        cyclictest("both", "1ms", 10, 40);
        cyclictest("none", "10ms", 10, 40);
        video(100);
        for (final String kind : List.of("periodic", "oneshot")) {
            final Map<String, String> params = Map.of("period", "10ms", "kind", kind);
            conventional("sigalrm-guest", "both", params);
            row("sigalrm-vmrpc", "both", with(with(params, "host", "vcpu-fifo"), "mode", "shared"), 7, 8, 9);
        }
        final String table = TerminalTable.render(Summary.of(rows, Depth.FULL), false);
        for (final String text : List.of("Lateness of cyclictest, TCG guest", "  1 ms, direct", "  1 ms, shared", "  1 ms, the host's", "Jitter of a SIGALRM handler",
            "  10 ms one-shot, shared", "Frame jitter of a video player", "  20 ms, shared", "5 of 5 reached")) {
            assertTrue(table.contains(text), text + " is missing from:\n" + table);
        }
        table.lines().forEach(line -> assertTrue(line.length() <= 100, line));
        final String page = HtmlReport.render(Summary.of(rows, Depth.FULL), Map.of(), List.of());
        for (final String text : List.of("with VMRPC, direct", "without VMRPC, all-fifo", "on the host", "drift=35", "Shared, against the best conventional")) {
            assertTrue(page.contains(text), text);
        }
    }
}
