package io.vmrpc.bench.report;

import static io.vmrpc.bench.report.Markup.text;

import io.vmrpc.bench.report.Timeline.Line;
import io.vmrpc.bench.report.Timeline.Phase;
import io.vmrpc.bench.report.Timeline.Second;
import java.util.List;

/** A time series with its legend, which has the figures of each phase. */
final class TimelineFigure {
    private static final String HOW_TO_READ = "Thick lines: the median of each second; thin ones: the latest timer in it. Shaded: "
        + "what was loaded. The side is logarithmic.";

    private TimelineFigure() {
    }

    /** Empty if there are no such rows. */
    static String html(final String id, final List<Row> rows) {
        if (rows.stream().noneMatch(Timeline::isSecond)) {
            return "";
        }
        final Timeline timeline = Timeline.of(rows);
        final StringBuilder out = new StringBuilder("<figure class=\"wide\">\n<figcaption><strong>Second by second</strong><span>")
            .append(text(HOW_TO_READ))
            .append("</span></figcaption>\n<div class=\"pan\" role=\"region\" aria-label=\"Time series\" tabindex=\"0\">\n")
            .append(TimelinePlot.svg(id, timeline)).append("</div>\n");
        legend(out, timeline);
        return out.append("</figure>\n").toString();
    }

    private static void legend(final StringBuilder out, final Timeline timeline) {
        out.append("<div class=\"pan\" role=\"region\" aria-label=\"Figures of the time series\" tabindex=\"0\">\n<table "
            + "class=\"legend\"><caption class=\"unseen\">Median of the seconds, and the latest timer of each phase</caption>"
            + "<thead><tr><th scope=\"col\"><span class=\"unseen\">Line</span></th>");
        final List<Phase> kinds = timeline.kinds();
        kinds.forEach(kind -> out.append("<th scope=\"col\">").append(text(kind.words()))
            .append(", median</th><th " + "scope=\"col\">latest</th>"));
        out.append("</tr></thead><tbody>\n");
        for (final Line line : timeline.lines()) {
            out.append("<tr>").append(Legend.name(line.series().style(), line.series().name()));
            kinds.forEach(kind -> cells(out, line.seconds().stream().filter(second -> second.phase().equals(kind.load())).toList()));
            out.append("</tr>\n");
        }
        out.append("</tbody></table>\n</div>\n");
    }

    private static void cells(final StringBuilder out, final List<Second> seconds) {
        final long[] medians = seconds.stream().mapToLong(second -> second.figures().p50()).sorted().toArray();
        out.append("<td>").append(medians.length == 0 ? "–" : Readable.typeset(medians[medians.length / 2])).append("</td><td>")
            .append(seconds.stream().mapToLong(second -> second.figures().max()).max().stream().mapToObj(Readable::typeset).findFirst()
            .orElse("–")).append("</td>");
    }
}
