package io.vmrpc.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TurnsTest {
    private final List<String> order = new ArrayList<>();

    private Row row(final String variant, final Map<String, String> params) {
        order.add(variant);
        final Histogram histogram = new Histogram(3);
        histogram.recordValue(1_000L * order.size());
        return Row.of(Variants.GUEST, variant, "tcg", "none", params, histogram);
    }

    @Test
    void partsTakeTurnsAndBecomeOneRowEach() throws Exception {
        final List<Map<String, String>> found = new ArrayList<>(List.of(Map.of("host.share", "90.0", "drift", "-70", "dropped", "1"),
            Map.of("host.share", "95.5", "drift", "40", "dropped", "2")));
        final List<Row> rows = Turns.take(2, List.of(() -> List.of(row("a", found.remove(0))), () -> List.of(row("b", Map.of("host", "all-fifo")))));
        assertEquals(List.of("a", "b", "a", "b"), order);
        assertEquals(List.of("a", "b"), rows.stream().map(Row::variant).toList());
        assertEquals(Map.of("host.share", "92.8", "drift", "-70", "dropped", "3", "p50.low", "1000", "p50.high", "3001", "p99.low", "1000",
            "p99.high", "3001"), rows.get(0).params(),
            "mean, farthest, sum, and the parts' figures");
        assertEquals(2, rows.get(0).figures().count());
        assertEquals("all-fifo", rows.get(1).param("host"));
        assertEquals("2000", rows.get(1).param("p50.low"));
    }
}
