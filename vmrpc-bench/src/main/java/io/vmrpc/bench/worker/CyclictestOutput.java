package io.vmrpc.bench.worker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What cyclictest prints. With {@code --quiet -h US}: a line for each microsecond, with a column for each thread, then lines that begin with {@code #} and
 * sum up. With {@code --quiet -v}: a line for each sample, its thread, its number and how late it was in us.
 *
 * <pre>
 *   # Histogram
 *   000014 000002	000002
 *   # Max Latencies: 00170 00094
 *   # Histogram Overflows: 00001 00000
 *
 *          0:       3:     140
 * </pre>
 *
 * <p>cyclictest cuts off what is below its resolution of 1 us: a sample of 14 was at least 14 us late and less than 15. It counts as 14.5 us here, in
 * every row that cyclictest measured, so that no mean or percentile is lower than it was, or 0.
 */
public final class CyclictestOutput {
    private static final long HIGHEST_NS = 3_600_000_000_000L;
    private static final long HALF_A_BIN_NS = 500;

    private CyclictestOutput() {
    }

    /**
     * All threads together.
     *
     * @param output with {@code -v}.
     * @param skipped so many first samples of each thread.
     * @return lateness, ns.
     */
    public static Histogram samples(final String output, final int skipped) {
        final Histogram histogram = new Histogram(HIGHEST_NS, 3);
        output.lines().filter(line -> line.matches(" *\\d+: *\\d+: *\\d+")).map(line -> numbers(line.replace(':', ' ')))
            .filter(sample -> sample.get(1) >= skipped).forEach(sample -> record(histogram, sample.get(2), 1));
        return histogram;
    }

    /**
     * All threads together. What was later than the histogram reaches is known by number and by the maximum only: it counts as late as the maximum.
     *
     * @param output with {@code -h}.
     * @return lateness, ns.
     */
    public static Histogram histogram(final String output) {
        final Histogram histogram = new Histogram(HIGHEST_NS, 3);
        output.lines().filter(line -> line.matches("\\d+(\\s+\\d+)+\\s*")).map(CyclictestOutput::numbers)
            .forEach(numbers -> numbers.stream().skip(1).forEach(count -> record(histogram, numbers.get(0), count)));
        final List<Long> overflows = summary(output, "# Histogram Overflows:");
        final List<Long> latest = summary(output, "# Max Latencies:");
        for (int thread = 0; thread < overflows.size(); thread++) {
            record(histogram, latest.get(thread), overflows.get(thread));
        }
        return histogram;
    }

    private static void record(final Histogram histogram, final long us, final long count) {
        if (count > 0) {
            histogram.recordValueWithCount(us * 1_000 + HALF_A_BIN_NS, count);
        }
    }

    /** The numbers behind a label, one for each thread; empty without that line. */
    private static List<Long> summary(final String output, final String label) {
        return output.lines().filter(line -> line.startsWith(label)).map(line -> numbers(line.substring(label.length()))).findFirst().orElse(new ArrayList<>());
    }

    private static List<Long> numbers(final String text) {
        return Arrays.stream(text.trim().split("\\s+")).filter(number -> !number.isEmpty()).map(Long::parseLong).toList();
    }
}
