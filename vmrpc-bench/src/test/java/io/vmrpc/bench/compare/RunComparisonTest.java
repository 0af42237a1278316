package io.vmrpc.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.bench.compare.Change.Verdict;
import io.vmrpc.bench.report.ControlVariants;
import io.vmrpc.bench.report.Figures;
import io.vmrpc.bench.report.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class RunComparisonTest {
    private static final int MANY = 5_000;

    private static Row row(final long p50, final long p99, final long count, final String... params) {
        final Map<String, String> named = new TreeMap<>();
        for (int i = 0; i < params.length; i += 2) {
            named.put(params[i], params[i + 1]);
        }
        return Row.of("rpc", "vmrpc-parked", "tcg", "none", named, new Figures(count, p50, p50, p50, p99, p99, p99));
    }

    /** Each part's p50 up to so many percent away; p99 likewise. */
    private static Row inTurns(final long p50, final long p99, final double spread, final String... params) {
        return row(p50, p99, MANY, params).withParam("p50.low", Long.toString((long)(p50 / spread))).withParam("p50.high",
            Long.toString((long)(p50 * spread)))
            .withParam("p99.low", Long.toString((long)(p99 / spread))).withParam("p99.high", Long.toString((long)(p99 * spread)));
    }

    private static List<Row> controls(final double work, final double wakeUp) {
        final List<Row> rows = new ArrayList<>();
        for (int number = 1; number <= 3; number++) {
            final Map<String, String> params = Map.of(ControlVariants.NUMBER, Integer.toString(number));
            final long pieces = (long)(300_000 * work);
            final long late = (long)(10_000 * wakeUp);
            rows.add(Row.of(ControlVariants.CONTROL, ControlVariants.WORK, "none", "none", params,
                new Figures(1, pieces, pieces, pieces, pieces, pieces, pieces)));
            rows.add(Row.of(ControlVariants.CONTROL, ControlVariants.WAKE_UP, "none", "none", params,
                new Figures(1, late, late, late, late, late, late)));
        }
        return rows;
    }

    private static List<Row> with(final List<Row> rows, final Row row) {
        final List<Row> more = new ArrayList<>(rows);
        more.add(row);
        return more;
    }

    private static Verdict p50(final List<Row> before, final List<Row> after) {
        final RunComparison comparison = RunComparison.of(before, after);
        for (final Verdict verdict : Verdict.values()) {
            if (comparison.changes(verdict).stream().anyMatch(change -> change.statistic().label().equals("p50"))) {
                return verdict;
            }
        }
        throw new AssertionError("p50 was not compared");
    }

    @ParameterizedTest
    @CsvSource({
        // measured in turns with little spread: the least factor of 1.25
        "10000, 1.02, 12400, 1.02, SAME", "10000, 1.02, 12600, 1.02, SLOWER", "10000, 1.02, 7900, 1.02, FASTER",
            "10000, 1.02, 8100, 1.02, SAME",
        // parts 1.69 times apart in one of the runs
        "10000, 1.3, 16000, 1.02, SAME", "10000, 1.02, 16000, 1.3, SAME", "10000, 1.3, 17500, 1.02, SLOWER",
            "10000, 1.3, 5800, 1.02, FASTER",
    })
    void theSpreadOfThePartsIsTheNoise(final long before, final double spreadBefore, final long after, final double spreadAfter,
    final Verdict verdict) {
        assertEquals(verdict, p50(List.of(inTurns(before, 90_000, spreadBefore)), List.of(inTurns(after, 90_000, spreadAfter))));
    }

    @ParameterizedTest
    @CsvSource({"10000, 14900, SAME", "10000, 15100, SLOWER", "10000, 6600, FASTER", "0, 0, SAME", "0, 1, SAME"})
    void whatWasMeasuredAtOnceIsAllowedMore(final long before, final long after, final Verdict verdict) {
        assertEquals(verdict, p50(List.of(row(before, 90_000, MANY)), List.of(row(after, 90_000, MANY))));
    }

    @ParameterizedTest
    @CsvSource({"bytes/s, 1000, 600, SLOWER", "bytes/s, 1000, 1600, FASTER", "iterations/s, 1000, 600, SLOWER",
        "transactions/s, 1000, 700, SAME", "bytes, 1000, 1600, SLOWER",
        "bytes, 1000, 600, FASTER", "ns of CPU per second, 1000, 1600, SLOWER"})
    void unitsSayWhichWayIsGood(final String unit, final long before, final long after, final Verdict verdict) {
        assertEquals(verdict, p50(List.of(row(before, 9_000, MANY, "unit", unit)), List.of(row(after, 9_000, MANY, "unit", unit))));
    }

    @ParameterizedTest
    @CsvSource({
        // work, wake-ups of the machine, figure before and after
        "1, 1, ns, 10000, 16000, SLOWER", "1.6, 1, ns, 10000, 16000, SAME", "1, 1.6, ns, 10000, 16000, SAME",
            "0.5, 0.5, ns, 10000, 10000, SLOWER", "2, 2, ns, 10000, 10000, FASTER",
        "0.5, 1, ns, 10000, 10000, SAME", "2, 2, iterations/s, 10000, 5000, SAME", "1, 9, iterations/s, 10000, 5000, SLOWER",
        "2, 2, bytes, 10000, 16000, SLOWER",
    })
    void changesAreRelativeToTheMachine(final double work, final double wakeUp, final String unit, final long before, final long after,
    final Verdict verdict) {
        final String[] params = unit.equals("ns") ? new String[0] : new String[] {"unit", unit};
        assertEquals(verdict, p50(with(controls(1, 1), row(before, 90_000, MANY, params)),
            with(controls(work, wakeUp), row(after, 90_000, MANY, params))));
    }

    @Test
    void theTailNeedsSamples() {
        assertTrue(RunComparison.of(List.of(row(1_000, 2_000, 999)), List.of(row(1_000, 90_000, MANY))).changes(Verdict.SLOWER).isEmpty());
        final List<Change> slower = RunComparison.of(List.of(row(1_000, 2_000, 1_000)), List
            .of(row(1_000, 90_000, MANY))).changes(Verdict.SLOWER);
        assertEquals(1, slower.size());
        assertEquals("rpc vmrpc-parked, vm tcg, load none: p99 2.00 us -> 90.0 us, 45.00 times slower (allowed: 2.50)",
            slower.get(0).words());
    }

    @Test
    void whatWasFoundMayDifferAndWhatWasGivenMayNot() {
        final RunComparison comparison = RunComparison
            .of(List.of(row(10, 20, MANY, "payload", "16", "host.share", "97.1"), row(10, 20, MANY, "payload", "64")),
            List.of(row(10, 20, MANY, "payload", "16", "host.share", "55.1"), row(10, 20, MANY, "payload", "256")));
        assertEquals(1, comparison.pairs());
        assertEquals(List.of("rpc vmrpc-parked, vm tcg, load none, payload=64"), comparison.onlyBefore());
        assertEquals(List.of("rpc vmrpc-parked, vm tcg, load none, payload=256"), comparison.onlyAfter());
    }

    @Test
    void disturbedRowsAreNotJudged() {
        assertEquals(Verdict.DISTURBED, p50(List.of(row(10, 20, MANY)), List
            .of(row(900, 2_000, MANY, "disturbed", "after it: something"))));
    }

    @Test
    void controlsAndSecondsAreNotCompared() {
        final Row second = Row.of("timeline", "longpoll-periodic", "tcg", "none", Map.of("second", "1"), new Figures(1, 1, 1, 1, 1, 1, 1));
        assertTrue(RunComparison.of(with(controls(1, 1), second), with(controls(5, 5), second)).isEmpty());
    }

    @Test
    void theTextSaysThresholdsMachineDepthAndResult() {
        final String text = ComparisonText
            .of(RunComparison.of(with(controls(1, 1), row(10_000, 40_000, 10_000)), with(controls(1.1, 1), row(30_000, 40_000, 1_000))));
        for (final String part : List.of("CPU work became 1.10 times as long", "by more than 1.25 times at p50",
            "0.10 times as many samples", "Slower (1):",
            "p50 10.0 us -> 30.0 us, 3.00 times slower (allowed: 1.65)", "1 rows compared: 1 figure became slower beyond the noise, 0 "
            + "faster, 1 unchanged, 0 not judged.")) {
            assertTrue(text.contains(part), part + " is missing from:\n" + text);
        }
        assertTrue(text.lines().allMatch(line -> line.length() <= 140), text);
        assertTrue(ComparisonText.of(RunComparison.of(List.of(row(1, 1, 1)), List.of(row(1, 1, 1)))).contains("no control measurements"));
    }

    @Test
    void anotherMachineIsNamed() {
        final List<Row> other = controls(1, 1).stream().map(row -> row.withParam(ControlVariants.CPU_MODEL, "B")).toList();
        final List<Row> one = controls(1, 1).stream().map(row -> row.withParam(ControlVariants.CPU_MODEL, "A")).toList();
        assertEquals("Another processor: A, then B.", RunComparison.of(one, other).machine().other());
        assertFalse(ComparisonText.of(RunComparison.of(one, one)).contains("Another"));
    }
}
