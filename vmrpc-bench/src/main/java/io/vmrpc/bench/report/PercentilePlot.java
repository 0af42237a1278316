package io.vmrpc.bench.report;

import static io.vmrpc.bench.report.Markup.text;
import static io.vmrpc.bench.report.Markup.xy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The latency curves of one scenario as SVG. Colours and dashes come from the page's style sheet. */
final class PercentilePlot {
    private static final double LABEL_GAP = 17;
    private static final double MOST_NINES_WHEN_FEW = 1;

    private final List<Curve> curves;
    private final PlotScale scale;
    private final StringBuilder svg = new StringBuilder();

    private PercentilePlot(final List<Curve> curves, final PlotScale scale) {
        this.curves = curves;
        this.scale = scale;
    }

    /** A frame for all of these rows, so that neighbouring plots can be compared by eye. Not empty. */
    static PlotScale scale(final List<Series> all) {
        final List<Curve> curves = all.stream().map(Curve::of).toList();
        final double nines = curves.stream().mapToDouble(curve -> curve.last().nines()).max().orElse(MOST_NINES_WHEN_FEW);
        final double least = curves.stream().mapToDouble(Curve::typicalLeast).min().orElse(1);
        final double most = curves.stream().mapToDouble(curve -> curve.last().ns()).max().orElse(10);
        return PlotScale.around(nines, least, most);
    }

    /**
     * Draws the plot.
     *
     * @param id       unique in the page, for the accessible title
     * @param title    accessible
     * @param quantity what the samples are
     * @param series   in legend order, not empty
     * @param scale    shared with neighbouring plots
     */
    static String svg(final String id, final String title, final String quantity, final List<Series> series, final PlotScale scale) {
        return new PercentilePlot(series.stream().map(Curve::of).toList(), scale).draw(id, title, quantity);
    }

    private String draw(final String id, final String title, final String quantity) {
        svg.append("<svg class=\"plot\" viewBox=\"0 0 ").append((int) PlotScale.WIDTH).append(' ').append((int) PlotScale.HEIGHT)
            .append("\" role=\"img\" aria-labelledby=\"").append(id).append("-t ").append(id).append("-d\" xmlns=\"http://www.w3.org/2000/svg\">\n")
            .append("<title id=\"").append(id).append("-t\">").append(text("Latency curves: " + title)).append("</title>\n")
            .append("<desc id=\"").append(id).append("-d\">").append(text(description())).append("</desc>\n");
        label("tick", 0, 13, "start", quantity);
        grid();
        final List<Curve> backFirst = new ArrayList<>(curves);
        backFirst.sort(Comparator.comparingInt((Curve curve) -> curve.series().rank()).reversed());
        svg.append("<clipPath id=\"").append(id).append("-c\"><rect x=\"").append(xy(PlotScale.LEFT)).append("\" y=\"")
            .append(xy(PlotScale.TOP - 4)).append("\" width=\"").append(xy(PlotScale.RIGHT - PlotScale.LEFT + 4)).append("\" height=\"")
            .append(xy(PlotScale.BOTTOM - PlotScale.TOP + 4)).append("\"/></clipPath>\n<g clip-path=\"url(#").append(id).append("-c)\">\n");
        backFirst.forEach(this::curve);
        svg.append("</g>\n");
        labels();
        return svg.append("</svg>\n").toString();
    }

    private String description() {
        return "Percentiles from the middle of all samples to the rarest, on logarithmic axes. " + curves.stream().map(curve -> {
            final Figures figures = curve.series().row().figures();
            return curve.series().name() + ": p50 " + Readable.typeset(figures.p50()) + ", p99 " + Readable.typeset(figures.p99());
        }).collect(Collectors.joining("; ")) + ".";
    }

    private void grid() {
        for (final PlotScale.Tick tick : scale.yTicks()) {
            segment("grid", PlotScale.LEFT, tick.at(), PlotScale.RIGHT, tick.at());
            label("tick", PlotScale.LEFT - 8, tick.at() + 4.5, "end", tick.label());
        }
        for (final PlotScale.Tick tick : scale.xTicks()) {
            segment("grid", tick.at(), PlotScale.TOP, tick.at(), PlotScale.BOTTOM);
            label("tick", tick.at(), PlotScale.BOTTOM + 19, "middle", tick.label());
        }
        segment("axis", PlotScale.LEFT, PlotScale.BOTTOM, PlotScale.RIGHT, PlotScale.BOTTOM);
        label("tick", (PlotScale.LEFT + PlotScale.RIGHT) / 2, PlotScale.BOTTOM + 41, "middle", "percentile of all samples");
    }

    private void curve(final Curve curve) {
        final String points = curve.points().stream().map(point -> xy(scale.x(point.nines())) + "," + xy(scale.y(point.ns())))
            .collect(Collectors.joining(" "));
        svg.append("<polyline class=\"line ").append(curve.series().style()).append("\" points=\"").append(points).append("\"/>\n");
        if (!curve.exact()) {
            curve.points().forEach(point -> svg.append("<circle class=\"dot ").append(curve.series().style()).append("\" cx=\"")
                .append(xy(scale.x(point.nines()))).append("\" cy=\"").append(xy(scale.y(point.ns()))).append("\" r=\"3\"/>\n"));
        }
    }

    /** Each label beside its line's end, moved up or down just as far as its neighbours need, with a leader to the end. */
    private void labels() {
        final List<Curve> fromTop = new ArrayList<>(curves);
        fromTop.sort(Comparator.comparingDouble(curve -> scale.y(curve.last().ns())));
        final double[] wanted = fromTop.stream().mapToDouble(curve -> scale.y(curve.last().ns())).toArray();
        final double[] placed = spread(wanted, LABEL_GAP, PlotScale.TOP, PlotScale.BOTTOM);
        for (int i = 0; i < placed.length; i++) {
            final Curve curve = fromTop.get(i);
            final double endX = scale.x(curve.last().nines());
            svg.append("<polyline class=\"leader\" points=\"").append(xy(endX + 3)).append(',').append(xy(wanted[i])).append(' ')
                .append(xy(PlotScale.RIGHT + 2)).append(',').append(xy(wanted[i])).append(' ')
                .append(xy(PlotScale.RIGHT + 12)).append(',').append(xy(placed[i])).append("\"/>\n");
            label("name " + curve.series().style(), PlotScale.RIGHT + 16, placed[i] + 4.5, "start", shortened(curve.series().label()));
        }
    }

    /** Ascending positions at least a gap apart, close to what was wanted, and within the bounds if they fit at all. */
    static double[] spread(final double[] wanted, final double gap, final double top, final double bottom) {
        final double[] placed = wanted.clone();
        for (int i = 0; i < placed.length; i++) {
            placed[i] = Math.max(placed[i], i == 0 ? top : placed[i - 1] + gap);
        }
        for (int i = placed.length - 1; i >= 0; i--) {
            placed[i] = Math.min(placed[i], i == placed.length - 1 ? bottom : placed[i + 1] - gap);
        }
        return placed;
    }

    private void segment(final String style, final double x1, final double y1, final double x2, final double y2) {
        svg.append("<line class=\"").append(style).append("\" x1=\"").append(xy(x1)).append("\" y1=\"").append(xy(y1))
            .append("\" x2=\"").append(xy(x2)).append("\" y2=\"").append(xy(y2)).append("\"/>\n");
    }

    private void label(final String style, final double x, final double y, final String anchor, final String content) {
        svg.append("<text class=\"").append(style).append("\" x=\"").append(xy(x)).append("\" y=\"").append(xy(y))
            .append("\" text-anchor=\"").append(anchor).append("\">").append(text(content)).append("</text>\n");
    }

    /** The margin has room for so much; the legend has the full name. */
    private static String shortened(final String label) {
        return label.length() <= 15 ? label : label.substring(0, 14) + "…";
    }
}
