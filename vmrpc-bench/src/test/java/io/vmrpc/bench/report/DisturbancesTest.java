package io.vmrpc.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class DisturbancesTest {
    private final List<Row> rows = new ArrayList<>();

    private void control(final int number, final double work, final double busy, final double wakeUp, final double tail, final long steal) {
        control(ControlVariants.WORK, number, new Figures(100, 300_000 * work * busy, (long)(300_000 * work), Long.MAX_VALUE,
            Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE));
        control(ControlVariants.WAKE_UP, number, new Figures(100, 10_000, (long)(10_000 * wakeUp), (long)(10_000 * wakeUp),
            (long)(50_000 * tail), Long.MAX_VALUE, Long.MAX_VALUE));
        control(ControlVariants.STEAL, number, new Figures(1, steal, steal, steal, steal, steal, steal));
    }

    private void control(final String variant, final int number, final Figures figures) {
        rows.add(Row.of(ControlVariants.CONTROL, variant, "none", "none", Map
            .of(ControlVariants.NUMBER, Integer.toString(number), ControlVariants.AFTER, "x"), figures));
    }

    private void part(final String bench) {
        rows.add(Row.of(bench, "any", "tcg", "none", Map.of(), new Figures(1, 1, 1, 1, 1, 1, 1)));
    }

    private List<String> disturbed() {
        return Disturbances.marked(rows).stream().filter(row -> !Disturbances.isControl(row))
            .map(row -> row.bench() + (Disturbances.of(row).isEmpty() ? "" : ": " + Disturbances.of(row)))
            .toList();
    }

    /** The second of four controls is another one. */
    private void run(final double work, final double busy, final double wakeUp, final double tail, final long steal) {
        control(1, 1, 1, 1, 1, 2_000);
        part("first");
        control(2, work, busy, wakeUp, tail, steal);
        part("second");
        control(3, 1.1, 1.1, 2, 2, 3_000);
        part("third");
        control(4, 1, 1, 1, 1, 2_500);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        "1    | 1   | 1   | 1   | 2000   | -",
        "1.2  | 1.1 | 2.9 | 2   | 31000  | -",
        "1.4  | 1   | 1   | 1   | 2000   | CPU work 1.3 times the run's median",
        "0.7  | 1   | 1   | 1   | 2000   | CPU work 0.7 times the run's median",
        "1    | 9   | 1   | 1   | 2000   | CPU work on average 9.0 times the run's median",
        "1    | 1   | 3.3 | 1   | 2000   | cyclictest p50 2.2 times the run's median",
    })
    void deviationsBeyondTheFactorsAreFound(final double work, final double busy, final double wakeUp, final double tail, final long steal,
    final String why) {
        run(work, busy, wakeUp, tail, steal);
        final boolean isWakeUp = wakeUp > 3;
        assertEquals(why == null || isWakeUp ? List.of("first", "second", "third") : List
            .of("first: after it: " + why, "second: before it: " + why, "third"), disturbed(),
            "the median of 1, 3.3, 2, 1 is 1.5");
    }

    @Test
    void theTailCountsToo() {
        run(1, 1, 1, 20, 2_000);
        assertEquals(List.of("first: after it: cyclictest p99 13.3 times the run's median",
            "second: before it: cyclictest p99 13.3 times the run's median", "third"), disturbed());
    }

    @Test
    void stolenTimeCountsToThePartThatItWasStolenFrom() {
        run(1, 1, 1, 1, 80_000);
        assertEquals(List.of("first: after it: 8.0 % of CPU time stolen", "second", "third"), disturbed());
    }

    @Test
    void twoControlsHaveNoMedian() {
        control(1, 1, 1, 1, 1, 0);
        part("only");
        control(2, 9, 9, 9, 9, 900_000);
        assertSame(rows, Disturbances.marked(rows));
        assertTrue(ControlSection.verdict(rows).startsWith("No part"));
    }

    @Test
    void runsWithoutControlsStayAsTheyAre() {
        part("only");
        assertSame(rows, Disturbances.marked(rows));
        assertEquals("", ControlSection.verdict(rows));
    }
}
