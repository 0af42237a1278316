package io.vmrpc.bench.density;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmrpc.bench.report.DensityVariants;
import io.vmrpc.bench.report.Row;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CycleSamplesTest {
    private static final int PERIOD_NS = 10_000_000;
    private final CycleSamples samples = new CycleSamples(new Schedule(2, 0, PERIOD_NS, 3, false));

    private Row row(final String what) {
        return samples.rows(DensityVariants.LOOPBACK, "none").stream().filter(row -> row.param(DensityVariants.WHAT).equals(what))
            .findFirst().orElseThrow();
    }

    @Test
    void aWakeThatSwallowedPeriodsCountsForEachOfThem() {
        samples.cycle(25_000_000, 0); // due at 0, 10 and 20 ms
        samples.cycle(1_000, 50_000);
        assertEquals(4, row(DensityVariants.LATENESS).figures().count());
        assertEquals(25.0, row(DensityVariants.LATENESS).figures().max() / 1e6, 0.1);
    }

    @Test
    void whatGotNoAnswerOrDidNotTakePlaceIsMissed() {
        for (final long answer : List.of(50_000L, 0L, 40_000L, 60_000L)) {
            samples.cycle(-200, answer); // clocks have an error
        }
        assertEquals(3, samples.missed(), "one without an answer, two that never began");
        final Row late = row(DensityVariants.LATENESS);
        assertEquals("6 3 2 spread", String.join(" ", late.param("cycles"), late.param("missed"), late.param("n"), late.param("phases")));
        assertEquals(0, late.figures().max());
        assertEquals(3, row(DensityVariants.PACKET).figures().count());
    }
}
