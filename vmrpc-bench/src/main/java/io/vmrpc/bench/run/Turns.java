package io.vmrpc.bench.run;

import io.vmrpc.bench.report.ResponseVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Spread;
import io.vmrpc.bench.report.Variants;
import java.io.IOException;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * Several measurements in turns, each in parts: what the machine below does meanwhile meets all of them alike. A wake-up here takes 5 us or 12, depending
 * on how deeply the hypervisor has put a CPU to sleep. How far the parts of a row lie apart is kept with it ({@link Spread}).
 */
final class Turns {
    /** How often they take turns. */
    static final int COUNT = 5;

    /** Parameters that each part finds for itself, and what joins them. */
    private static final Map<String, ToDoubleFunction<double[]>> MEASURED = Map.of(
        Variants.HOST_SHARE, parts -> Arrays.stream(parts).average().orElseThrow(),
        Variants.ALLOCATED, parts -> Arrays.stream(parts).average().orElseThrow(),
        Variants.PEER_CPU, parts -> Arrays.stream(parts).average().orElseThrow(),
        ResponseVariants.PACKETS, parts -> Arrays.stream(parts).average().orElseThrow(),
        Variants.RATE, parts -> Arrays.stream(parts).average().orElseThrow(),
        Variants.DRIFT, parts -> Arrays.stream(parts).boxed().max(Comparator.comparingDouble(Math::abs)).orElseThrow(),
        Variants.DROPPED, parts -> Arrays.stream(parts).sum(),
        Variants.WRONG, parts -> Arrays.stream(parts).sum(),
        Variants.SERVED, parts -> Arrays.stream(parts).sum());

    private Turns() {
    }

    /** One part of a measurement: its rows, with their histograms. */
    interface Part {
        List<Row> run() throws IOException, InterruptedException;
    }

    static List<Row> take(final List<Part> measurements) throws IOException, InterruptedException {
        return take(COUNT, measurements);
    }

    /** One row for each variant and its circumstances, of all its parts; in the order in which they first came. */
    static List<Row> take(final int count, final List<Part> measurements) throws IOException, InterruptedException {
        final Map<List<Object>, List<Row>> parts = new LinkedHashMap<>();
        for (int turn = 0; turn < count; turn++) {
            for (final Part measurement : measurements) {
                for (final Row row : measurement.run()) {
                    parts.computeIfAbsent(List.of(row.bench(), row.variant(), given(row)), key -> new ArrayList<>()).add(row);
                }
            }
        }
        return parts.values().stream().map(Turns::join).toList();
    }

    /** One row of all of a measurement's parts. */
    static Row join(final List<Row> parts) {
        final Row row = parts.get(0);
        final Histogram all = new Histogram(3);
        all.setAutoResize(true);
        parts.forEach(part -> all.add(part.histogram().orElseThrow()));
        Row joined = Row.of(row.bench(), row.variant(), row.vm(), row.load(), row.params(), all);
        for (final Map.Entry<String, ToDoubleFunction<double[]>> measured : MEASURED.entrySet()) {
            if (row.params().containsKey(measured.getKey())) {
                final double[] values = parts.stream().mapToDouble(part -> Double.parseDouble(part.param(measured.getKey()))).toArray();
                joined = joined.withParam(measured.getKey(), new DecimalFormat("0.#", DecimalFormatSymbols.getInstance(Locale.ROOT))
                    .format(measured.getValue().applyAsDouble(values)));
            }
        }
        return Spread.keep(joined, parts);
    }

    /** The circumstances that were given, not found. */
    private static Map<String, String> given(final Row row) {
        final Map<String, String> params = new HashMap<>(row.params());
        params.keySet().removeAll(MEASURED.keySet());
        return params;
    }
}
