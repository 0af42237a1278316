package io.vmrpc.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HdrHistogram's own reader finds every distribution again. */
@Timeout(30)
class HistogramLogTest {
    @TempDir
    Path folder;

    private static List<Histogram> read(final Path file) throws Exception {
        final List<Histogram> found = new ArrayList<>();
        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            for (Histogram next = (Histogram)reader.nextIntervalHistogram(); next != null; next = (Histogram)reader.nextIntervalHistogram()) {
                found.add(next);
            }
        }
        return found;
    }

    @Test
    void eachRowComesBackWithItsTag() throws Exception {
        final List<Row> rows = new ArrayList<>(SampleRun.of(300));
        rows.add(Row.of("od d", "a,b", "tcg", "none", Map.of("x y", "1,2\n\u00e9"), rows.get(0).histogram().orElseThrow()));
        final Path file = HistogramLog.write(folder, rows);
        assertEquals(folder, file.getParent());
        final List<Row> whole = rows.stream().filter(row -> row.histogram().isPresent()).toList();
        assertTrue(whole.size() < rows.size(), "some have figures only");
        final List<Histogram> found = read(file);
        assertEquals(whole.size(), found.size());
        for (int i = 0; i < found.size(); i++) {
            assertEquals(whole.get(i).histogram().orElseThrow(), found.get(i));
            assertEquals(HistogramLog.tag(whole.get(i)), found.get(i).getTag());
        }
        assertEquals("od_d/a_b/tcg/none/x_y=1_2__", found.get(found.size() - 1).getTag());
    }

    @Test
    void aRunWithoutDistributionsIsALogToo() throws Exception {
        final Path file = HistogramLog.write(folder.resolve("none.hlog"), List
            .of(Row.of("a", "b", "c", "d", Map.of(), new Figures(1, 1, 1, 1, 1, 1, 1))));
        assertEquals(List.of(), read(file));
        assertFalse(HistogramLog.text(List.of()).isEmpty());
    }
}
