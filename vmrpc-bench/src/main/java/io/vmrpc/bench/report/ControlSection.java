package io.vmrpc.bench.report;

import static io.vmrpc.bench.report.Markup.text;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The control measurements of a run and what they say about it. */
final class ControlSection {
    private static final List<String> HEADS = List.of("Control", "CPU work, p50", "cyclictest, p50", "cyclictest, p99", "Stolen before it",
        "Judgement");

    private ControlSection() {
    }

    /** Empty if a run has none. */
    static String html(final List<Row> rows) {
        final Map<Integer, Map<String, Row>> controls = new LinkedHashMap<>();
        rows.stream().filter(Disturbances::isControl)
            .forEach(row -> controls.computeIfAbsent(Disturbances.number(row), number -> new LinkedHashMap<>()).put(row.variant(), row));
        if (controls.isEmpty()) {
            return "";
        }
        final StringBuilder out = new StringBuilder("<section id=\"control\">\n<h2>Was the machine the same all the time?</h2>\n<p>")
            .append(text(verdict(rows))).append("</p>\n<p>")
            .append(text(Disturbances.METHOD)).append("</p>\n<div class=\"scroll\" role=\"region\" aria-label=\"Control "
            + "measurements\" tabindex=\"0\"><table class=\"figures\">\n")
            .append("<caption>Control measurements, in the order taken</caption>\n<thead><tr>");
        HEADS.forEach(head -> out.append("<th scope=\"col\">").append(head).append("</th>"));
        out.append("</tr></thead>\n<tbody>\n");
        controls.forEach((number, control) -> line(out, number, control));
        return out.append("</tbody>\n</table></div>\n</section>\n").toString();
    }

    /** One sentence about the whole run; empty text without controls. */
    static String verdict(final List<Row> rows) {
        if (rows.stream().noneMatch(Disturbances::isControl)) {
            return "";
        }
        final List<Row> measured = rows.stream().filter(row -> !Disturbances.isControl(row)).toList();
        final List<String> benches = measured.stream().filter(row -> !Disturbances.of(row).isEmpty()).map(Row::bench).distinct().toList();
        return benches.isEmpty() ? "No part of this run was disturbed by the machine." : measured.stream()
            .filter(row -> !Disturbances.of(row).isEmpty()).count() + " of "
            + measured.size() + " rows were measured beside a disturbance of the machine: " + String.join(", ", benches) + ".";
    }

    private static void line(final StringBuilder out, final int number, final Map<String, Row> control) {
        final String after = control.values().iterator().next().param(ControlVariants.AFTER);
        out.append("<tr><th scope=\"row\">").append(number).append(after.isEmpty() ? ", before" : ", after " + text(after)).append("</th>");
        cell(out, control, ControlVariants.WORK, Statistic.P50);
        cell(out, control, ControlVariants.WAKE_UP, Statistic.P50);
        cell(out, control, ControlVariants.WAKE_UP, Statistic.P99);
        out.append("<td>").append(Optional.ofNullable(control.get(ControlVariants.STEAL))
            .map(row -> String.format(Locale.ROOT, "%.2f %%", row.figures().mean() / 1e4)).orElse("–"))
            .append("</td>");
        final String why = control.values().stream().map(Disturbances::of).filter(text -> !text.isEmpty()).findFirst().orElse("");
        out.append("<td class=\"words\">").append(why.isEmpty() ? "as usual" : "<span class=\"verdict not_reached\">disturbed</span> "
            + text(why)).append("</td></tr>\n");
    }

    private static void cell(final StringBuilder out, final Map<String, Row> control, final String variant, final Statistic statistic) {
        out.append("<td>").append(Optional.ofNullable(control.get(variant)).map(row -> Readable.typeset(statistic.of(row.figures())))
            .orElse("–")).append("</td>");
    }
}
