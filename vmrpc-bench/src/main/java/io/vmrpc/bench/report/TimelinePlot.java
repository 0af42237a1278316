package io.vmrpc.bench.report;

import static io.vmrpc.bench.report.Markup.text;
import static io.vmrpc.bench.report.Markup.xy;

import io.vmrpc.bench.report.Timeline.Line;
import io.vmrpc.bench.report.Timeline.Phase;
import io.vmrpc.bench.report.Timeline.Second;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** A time series as SVG: median and largest of each second over logarithmic time, the phases of load as shaded bands. */
final class TimelinePlot {
    private static final double WIDTH = 900;
    private static final double RIGHT = 884;
    private static final int[] STEPS = {1, 2, 5, 10, 20, 30, 60, 120, 300, 600};
    private static final int MOST_TICKS = 12;
    /** A label needs so much of its band. */
    private static final double LETTER = 7;

    private final Timeline timeline;
    private final PlotScale scale;
    private final StringBuilder svg = new StringBuilder();

    private TimelinePlot(final Timeline timeline) {
        this.timeline = timeline;
        final List<Second> seconds = timeline.lines().stream().flatMap(line -> line.seconds().stream()).toList();
        scale = PlotScale.around(1, seconds.stream().mapToLong(second -> second.figures().p50()).min().orElse(1),
            seconds.stream().mapToLong(second -> second.figures().max()).max().orElse(10));
    }

    static String svg(final String id, final Timeline timeline) {
        return new TimelinePlot(timeline).draw(id);
    }

    private String draw(final String id) {
        svg.append("<svg class=\"plot timeline\" viewBox=\"0 0 ").append((int)WIDTH).append(' ').append((int)PlotScale.HEIGHT)
            .append("\" role=\"img\" aria-labelledby=\"")
            .append(id).append("-t ").append(id).append("-d\" xmlns=\"http://www.w3.org/2000/svg\">\n<title id=\"").append(id)
            .append("-t\">Lateness of timers, second by second</title>\n<desc id=\"").append(id).append("-d\">").append(text(description()))
            .append("</desc>\n");
        bands();
        grid();
        final List<Line> backFirst = new ArrayList<>(timeline.lines());
        Collections.reverse(backFirst);
        backFirst.forEach(line -> {
            line(line, "line peak ", Figures::max);
            line(line, "line ", Figures::p50);
        });
        return svg.append("</svg>\n").toString();
    }

    private String description() {
        return "Median and largest lateness of each second on a logarithmic axis, while load changes: " + timeline.phases().stream()
            .map(phase -> "second " + phase.begin() + " to " + phase.end() + " " + phase.words()).collect(Collectors.joining("; "))
            + ". Lines: "
            + timeline.lines().stream().map(line -> line.series().name()).collect(Collectors.joining("; "))
            + ". The table below has their figures.";
    }

    private void bands() {
        for (final Phase phase : timeline.phases()) {
            final double left = x(phase.begin());
            final double width = x(phase.end()) - left;
            svg.append("<rect class=\"band load-").append(phase.load().matches("none|guest|host|both") ? phase.load() : "other")
                .append("\" x=\"").append(xy(left)).append("\" y=\"")
                .append(xy(PlotScale.TOP)).append("\" width=\"").append(xy(width)).append("\" height=\"")
                .append(xy(PlotScale.BOTTOM - PlotScale.TOP)).append("\"/>\n");
            final String words = phase.words().length() * LETTER < width ? phase.words() : phase.load().length() * LETTER < width
                ? phase.load() : "";
            label(left + width / 2, PlotScale.TOP - 9, "middle", words);
        }
    }

    private void grid() {
        for (final PlotScale.Tick tick : scale.yTicks()) {
            segment("grid", PlotScale.LEFT, tick.at(), RIGHT, tick.at());
            label(PlotScale.LEFT - 8, tick.at() + 4.5, "end", tick.label());
        }
        final int step = step();
        for (int second = timeline.begin() / step * step; second <= timeline.end(); second += step) {
            if (second >= timeline.begin()) {
                segment("axis", x(second), PlotScale.BOTTOM, x(second), PlotScale.BOTTOM + 4);
                label(x(second), PlotScale.BOTTOM + 19, "middle", Integer.toString(second));
            }
        }
        segment("axis", PlotScale.LEFT, PlotScale.BOTTOM, RIGHT, PlotScale.BOTTOM);
        label((PlotScale.LEFT + RIGHT) / 2, PlotScale.BOTTOM + 41, "middle", "seconds");
        label(0, 13, "start", "lateness");
    }

    /** A line has gaps where seconds are missing. */
    private void line(final Line line, final String kind, final ToLongFunction<Figures> value) {
        final StringBuilder path = new StringBuilder();
        int expected = -1;
        for (final Second second : line.seconds()) {
            path.append(second.number() == expected ? " L" : " M").append(xy(x(second.number() + 0.5))).append(' ')
                .append(xy(Math.min(PlotScale.BOTTOM, scale.y(value.applyAsLong(second.figures())))));
            expected = second.number() + 1;
        }
        svg.append("<path class=\"").append(kind).append(line.series().style()).append("\" d=\"").append(path.toString().strip())
            .append("\"/>\n");
    }

    private int step() {
        for (final int step : STEPS) {
            if ((timeline.end() - timeline.begin()) / step <= MOST_TICKS) {
                return step;
            }
        }
        return Math.max(1, (timeline.end() - timeline.begin()) / MOST_TICKS);
    }

    private double x(final double second) {
        return PlotScale.LEFT + (RIGHT - PlotScale.LEFT) * (second - timeline.begin()) / (timeline.end() - timeline.begin());
    }

    private void segment(final String style, final double x1, final double y1, final double x2, final double y2) {
        svg.append("<line class=\"").append(style).append("\" x1=\"").append(xy(x1)).append("\" y1=\"").append(xy(y1)).append("\" x2=\"")
            .append(xy(x2)).append("\" y2=\"")
            .append(xy(y2)).append("\"/>\n");
    }

    private void label(final double x, final double y, final String anchor, final String content) {
        svg.append("<text class=\"tick\" x=\"").append(xy(x)).append("\" y=\"").append(xy(y)).append("\" text-anchor=\"").append(anchor)
            .append("\">").append(text(content))
            .append("</text>\n");
    }
}
