package io.vmrpc.bench.compare;

import io.vmrpc.bench.report.Disturbances;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Spread;
import io.vmrpc.bench.report.Statistic;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How many times worse or better a figure may be in a second run of the same code. A row that was measured in turns tells by the spread of
 * its parts; it is
 * allowed that, and never less than a least factor. A row that was measured at once is allowed a larger one.
 */
final class Noise {
    /** p99 of a few samples is the worst of them: it says nothing about the next run. */
    static final long SAMPLES_FOR_P99 = 1_000;
    private static final double LEAST_P50 = 1.25;
    private static final double LEAST_P99 = 1.6;
    private static final double UNKNOWN_P50 = 1.5;
    private static final double UNKNOWN_P99 = 2.5;

    private Noise() {
    }

    /** How changes are judged. */
    static String words() {
        return String.format(Locale.ROOT, "A figure counts as changed if it did by more than the spread of the row's own parts "
            + "(largest / least, in either run) and by more than %.2f times at p50, %.2f "
            + "times at p99; a row measured at once, by more than %.2f and %.2f times. p99 is compared where both rows have %,d samples.",
            LEAST_P50, LEAST_P99, UNKNOWN_P50, UNKNOWN_P99, SAMPLES_FOR_P99);
    }

    static double of(final Statistic statistic, final Row before, final Row after) {
        final boolean isTail = statistic == Statistic.P99;
        final List<Spread> spreads = Stream.of(before, after).map(row -> Spread.of(row, statistic)).flatMap(Optional::stream).toList();
        final double known = spreads.stream().mapToDouble(spread -> spread.high() / Math.max(1, spread.low())).max().orElse(1);
        return Math.max(known, spreads.size() == 2 ? isTail ? LEAST_P99 : LEAST_P50 : isTail ? UNKNOWN_P99 : UNKNOWN_P50);
    }

    static boolean isDisturbed(final Row row) {
        return !Disturbances.of(row).isEmpty();
    }
}
