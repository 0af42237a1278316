package io.vmrpc.bench.report;

import static io.vmrpc.bench.report.Markup.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Every row of the run as tables, each row once: by scenario, the machine's limits at the end. */
final class RowTables {
    private static final String LIMITS = "The machine's own limits";
    private static final List<String> HEADS = List.of("Variant", "Samples", "Mean", "p50", "p90", "p99", "p99.9", "Max", "Host CPU kept");
    /** Shown elsewhere: in the title, the variant's name or a column of their own. */
    private static final Set<String> SHOWN = Set.of(Variants.HOST, Variants.HOST_SHARE, Variants.PERIOD, Variants.PAYLOAD,
        Variants.MODE, Variants.THREADS, Variants.KIND, Variants.SOCKETS, Variants.UNIT, Variants.PLACE);

    private RowTables() {
    }

    static String html(final Summary summary) {
        if (summary.rows().isEmpty()) {
            return "";
        }
        final Map<String, Map<String, List<Row>>> sections = new LinkedHashMap<>();
        for (final Scenario scenario : summary.scenarios()) {
            final List<Row> own = summary.rows().stream().filter(row -> !Variants.isReference(row) && scenario.holds(row)).toList();
            sections.computeIfAbsent(scenario.section(), title -> new LinkedHashMap<>())
                .computeIfAbsent(scenario.title(), title -> new ArrayList<>()).addAll(own);
        }
        for (final Row row : summary.rows()) {
            if (Variants.isReference(row)) {
                sections.computeIfAbsent(LIMITS, title -> new LinkedHashMap<>())
                    .computeIfAbsent(Scenario.of(row).loadWords(), title -> new ArrayList<>()).add(row);
            }
        }
        final StringBuilder out = new StringBuilder("<section>\n<h2>All measurements</h2>\n");
        sections.forEach((title, groups) -> table(out, title, groups));
        return out.append("</section>\n").toString();
    }

    private static void table(final StringBuilder out, final String title, final Map<String, List<Row>> groups) {
        out.append("<h3>").append(text(title)).append("</h3>\n<div class=\"scroll\" role=\"region\" aria-label=\"").append(text(title))
            .append("\" tabindex=\"0\"><table class=\"rows\">\n<thead><tr>");
        final boolean more = groups.values().stream().flatMap(List::stream).anyMatch(row -> !circumstances(row).isEmpty());
        HEADS.forEach(head -> out.append("<th scope=\"col\">").append(head).append("</th>"));
        out.append(more ? "<th class=\"words\" scope=\"col\">Circumstances</th>" : "").append("</tr></thead>\n");
        groups.forEach((name, rows) -> {
            out.append("<tbody>\n<tr class=\"group\"><th colspan=\"").append(HEADS.size() + (more ? 1 : 0)).append("\" scope=\"rowgroup\"><span>")
                .append(text(Markup.capitalized(name))).append("</span></th></tr>\n");
            rows.forEach(row -> row(out, row, more));
            out.append("</tbody>\n");
        });
        out.append("</table></div>\n");
    }

    private static void row(final StringBuilder out, final Row row, final boolean more) {
        final Figures figures = row.figures();
        out.append("<tr><th scope=\"row\">").append(text(Series.name(row))).append("</th>");
        cell(out, String.format(Locale.ROOT, "%,d", figures.count()));
        for (final double nanos : new double[] {figures.mean(), figures.p50(), figures.p90(), figures.p99(), figures.p999(), figures.max()}) {
            cell(out, Units.typeset(row, nanos));
        }
        cell(out, Readable.share(row.param(Variants.HOST_SHARE)));
        out.append(more ? "<td class=\"words\">" + text(circumstances(row)) + "</td>" : "").append("</tr>\n");
    }

    private static void cell(final StringBuilder out, final String content) {
        out.append("<td>").append(content.isEmpty() ? "–" : text(content)).append("</td>");
    }

    private static String circumstances(final Row row) {
        return row.params().entrySet().stream().filter(param -> !SHOWN.contains(param.getKey()))
            .map(param -> param.getKey() + "=" + param.getValue()).collect(Collectors.joining(", "));
    }
}
