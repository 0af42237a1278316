package io.vmrpc.bench.run;

import io.vmrpc.bench.report.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Several measurements in turns, each in parts: what the machine below does meanwhile meets all of them alike. A wake-up here takes 5 us or 12, depending
 * on how deeply the hypervisor has put a CPU to sleep.
 */
final class Turns {
    /** How often they take turns. */
    static final int COUNT = 5;

    private Turns() {
    }

    /** One part of a measurement: its rows, with their histograms. */
    interface Part {
        List<Row> run() throws IOException, InterruptedException;
    }

    /** One row for each variant and its circumstances, of all its parts; in the order in which they first came. */
    static List<Row> take(final List<Part> measurements) throws IOException, InterruptedException {
        final Map<List<Object>, List<Row>> parts = new LinkedHashMap<>();
        for (int turn = 0; turn < COUNT; turn++) {
            for (final Part measurement : measurements) {
                for (final Row row : measurement.run()) {
                    parts.computeIfAbsent(List.of(row.bench(), row.variant(), row.params()), key -> new ArrayList<>()).add(row);
                }
            }
        }
        return parts.values().stream().map(Turns::join).toList();
    }

    private static Row join(final List<Row> parts) {
        final Row row = parts.get(0);
        final Histogram all = new Histogram(3);
        all.setAutoResize(true);
        parts.forEach(part -> all.add(part.histogram().orElseThrow()));
        return Row.of(row.bench(), row.variant(), row.vm(), row.load(), row.params(), all);
    }
}
