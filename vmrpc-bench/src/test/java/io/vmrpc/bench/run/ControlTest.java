package io.vmrpc.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.bench.report.ControlVariants;
import io.vmrpc.bench.report.Row;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One real control measurement. */
@Timeout(120)
class ControlTest {
    @Test
    void oneControlHasThreeRows() throws Exception {
        final Results results = new Results();
        new Control(System.err, results).measure("a part");
        final List<Row> rows = results.rows();
        assertEquals(List.of(ControlVariants.WAKE_UP, ControlVariants.WORK, ControlVariants.STEAL), rows.stream().map(Row::variant)
            .toList());
        for (final Row row : rows) {
            assertEquals("1", row.param(ControlVariants.NUMBER));
            assertEquals("a part", row.param(ControlVariants.AFTER));
            assertTrue(row.figures().count() > 0, row::toString);
        }
        assertEquals(2_000, rows.get(0).figures().count(), "wake-ups");
    }

    @Test
    void workTakesTime() {
        final Histogram pieces = new CpuWork().pieces(20_000_000);
        assertTrue(pieces.getTotalCount() >= 1 && pieces.getMinValue() > 1_000, pieces::toString);
    }
}
