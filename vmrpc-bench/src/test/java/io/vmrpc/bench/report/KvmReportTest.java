package io.vmrpc.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.bench.report.Comparison.Baseline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class KvmReportTest {
    private final List<Row> rows = new ArrayList<>();

    private void row(final String variant, final String vm, final String period, final long p50, final long p99) {
        rows.add(Row.of("timer", variant, vm, "none", Map.of("period", period), new Figures(1_000, p50, p50, p50, p99, p99, p99)));
    }

    private void period(final String period, final long futex, final long halted) {
        row("kvm-futex", "kvm", period, futex, 200);
        row("kvm-halted", "kvm", period, halted, 300);
        row("kvm-halted-shim", "kvm", period, halted - 10, 300);
        row("kvm-guest-timer", "kvm", period, 90, 450);
        row("host-cyclictest", "none", period, 10, 100);
    }

    private TargetResult target(final Target target) {
        return Summary.of(rows, Depth.QUICK).targets().stream().filter(result -> result.target() == target).findFirst().orElseThrow();
    }

    @Test
    void eachWayIsHeldToItsOwnRatioInItsWorstPeriod() {
        period("2ms", 30, 60);
        assertEquals(Outcome.REACHED, target(Target.KVM_FUTEX_CYCLICTEST).outcome(), "3 is still within 3");
        assertEquals(Outcome.REACHED, target(Target.KVM_HALTED_CYCLICTEST).outcome(), "6 is still within 6");
        period("10ms", 31, 59);
        assertEquals(Outcome.NOT_REACHED, target(Target.KVM_FUTEX_CYCLICTEST).outcome());
        assertEquals("10ms", target(Target.KVM_FUTEX_CYCLICTEST).worst().orElseThrow().scenario().period());
        assertEquals(Outcome.REACHED, target(Target.KVM_HALTED_CYCLICTEST).outcome());
    }

    @Test
    void eachPeriodHasItsOwnCyclictest() {
        period("2ms", 20, 20);
        row("kvm-futex", "kvm", "10ms", 20, 20);
        row("host-cyclictest", "none", "10ms", 5, 5);
        final Summary summary = Summary.of(rows, Depth.QUICK);
        assertEquals(List.of(2.0, 4.0), summary.scenarios().stream().map(scenario -> summary.comparison(scenario, "kvm-futex", Baseline.CYCLICTEST,
            Statistic.P50).orElseThrow().ratio().orElseThrow()).toList());
    }

    @Test
    void theGuestsOwnTimerIsABaselineAndHasNoTarget() {
        period("2ms", 30, 60);
        final Summary summary = Summary.of(rows, Depth.QUICK);
        final Scenario scenario = summary.scenarios().get(0);
        assertEquals(1.5, summary.comparison(scenario, "kvm-halted", Baseline.GUEST_TIMER, Statistic.P99).orElseThrow().ratio().orElseThrow());
        assertEquals(9, summary.comparison(scenario, "kvm-guest-timer", Baseline.CYCLICTEST, Statistic.P50).orElseThrow().ratio().orElseThrow());
        assertEquals(2, summary.comparisons().stream().filter(one -> one.target().isPresent()).count());
    }

    @Test
    void theTableHasALineForEachWay() {
        period("2ms", 30, 60);
        rows.add(Row.of("exit", "exit-empty", "kvm", "none", Map.of("park", "futex"), new Figures(1_000, 5_000, 5_000, 5_000, 6_000, 6_000, 6_000)));
        final String table = TerminalTable.render(Summary.of(rows, Depth.FULL), false);
        for (final String line : List.of("2 ms, parked in a futex", "2 ms, parked halted", "2 ms, parked halted, at the shim", "2 ms, guest's own timer interrupt", "exit-empty {park=futex}")) {
            assertTrue(table.contains(line), table);
        }
        assertTrue(table.contains("2 of 2 reached"), table);
        assertTrue(table.replaceAll("\\s+", " ").contains("by 30 ns if it is parked in a futex (3.00x as long as the host's own cyclictest takes)"), table);
        table.lines().forEach(line -> assertTrue(line.length() <= 100, line));
    }

    @Test
    void thePageShowsTheWays() {
        period("2ms", 30, 60);
        final String page = HtmlReport.render(Summary.of(rows, Depth.QUICK), Map.of(), List.of());
        assertTrue(page.contains("parked halted") && page.contains("KVM guest"), page);
    }
}
