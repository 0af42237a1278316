package io.vmrpc.bench.report;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * A row as points of a percentile plot, ascending.
 *
 * @param series what is drawn
 * @param points at least one
 * @param exact  whether the whole distribution was known; otherwise only the figures are, joined by straight lines
 */
record Curve(Series series, List<Point> points, boolean exact) {
    /** Beyond 99.99 % the plot ends. */
    private static final int MOST_NINES = 4;
    private static final int POINTS_A_DECADE = 20;

    /** A value and how many nines of all samples lie at or below it. */
    record Point(double nines, double ns) {
    }

    static Curve of(final Series series) {
        return series.row().histogram().map(histogram -> new Curve(series, points(histogram), true))
            .orElseGet(() -> new Curve(series, points(series.row().figures()), false));
    }

    Point last() {
        return points.get(points.size() - 1);
    }

    /** The value that a tenth of all samples stays below: a lucky few must not stretch the whole plot downwards. */
    double typicalLeast() {
        return points.stream().filter(point -> point.nines() >= PlotScale.ninesOf(0.1)).findFirst().orElse(last()).ns();
    }

    /** Where one sample in count lies: further right the plot would only repeat the maximum. */
    private static double end(final long count) {
        return Math.min(MOST_NINES, Math.log10(Math.max(10, count)));
    }

    private static List<Point> points(final Histogram histogram) {
        final double end = end(histogram.getTotalCount());
        final int steps = (int) Math.ceil(end * POINTS_A_DECADE);
        final List<Point> points = new ArrayList<>(steps + 1);
        for (int i = 0; i <= steps; i++) {
            final double nines = end * i / steps;
            points.add(new Point(nines, histogram.getValueAtPercentile(100 * (1 - Math.pow(10, -nines)))));
        }
        return points;
    }

    private static List<Point> points(final Figures figures) {
        final List<Point> points = new ArrayList<>();
        for (final Statistic statistic : Statistic.percentiles()) {
            if (figures.count() >= statistic.samplesNeeded()) {
                points.add(new Point(PlotScale.ninesOf(statistic.quantile()), statistic.of(figures)));
            }
        }
        return points;
    }
}
