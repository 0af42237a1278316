package io.vmrpc.bench.report;

import static io.vmrpc.bench.report.Markup.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Every row of the run as tables, each row once: by scenario, the machine's limits at the end. */
final class RowTables {
    private static final String LIMITS = "The machine's own limits";
    private static final String HOW_TO_READ = "Small figures below p50 and p99: the least and the largest of the parts that a row was "
        + "measured in.";
    private static final List<String> HEADS = List.of("Variant", "Samples", "Mean", "p50", "p90", "p99", "p99.9", "Max", "Host CPU kept");
    /** Shown elsewhere: in the title, the variant's name or a column of their own. */
    private static final Set<String> SHOWN = Set.of(Variants.HOST, Variants.HOST_SHARE, Variants.PERIOD, Variants.PAYLOAD,
        Variants.MODE, Variants.THREADS, Variants.KIND, Variants.SOCKETS, Variants.UNIT, Variants.PLACE);
    /** Spreads below this share of the figure are not worth a line. */
    private static final double WORTH_SHOWING = 0.02;

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
        final StringBuilder out = new StringBuilder("<section id=\"rows\">\n<h2>All measurements</h2>\n<p>" + HOW_TO_READ + "</p>\n");
        sections.forEach((title, groups) -> {
            out.append("<h3>").append(text(title)).append("</h3>\n");
            table(out, title, groups, Series::name, SHOWN);
            final List<String> commands = Repeat.commands(summary.scenarios().stream().filter(scenario -> scenario.section().equals(title))
                .toList());
            out.append(commands.isEmpty() ? "" : "<p class=\"repeat\">Repeat it: " + commands.stream()
                .map(command -> "<code>" + text(command) + "</code>")
                .collect(Collectors.joining(", ")) + "</p>\n");
        });
        return out.append("</section>\n").toString();
    }

    /** Rows of a chapter, by load; folded, since its tables say what matters. Seconds of a time series are drawn. */
    static String folded(final List<Row> rows) {
        final Map<String, List<Row>> groups = rows.stream().filter(row -> !Timeline.isSecond(row))
            .collect(Collectors.groupingBy(row -> Scenario.of(row).loadWords() + (row.vm().equals(Variants.NO_VM) ? "" : ", vm "
            + row.vm()), LinkedHashMap::new, Collectors.toList()));
        if (groups.isEmpty()) {
            return "";
        }
        final StringBuilder out = new StringBuilder("<details><summary>All measurements (")
            .append(groups.values().stream().mapToInt(List::size).sum()).append(")</summary>\n");
        table(out, "All measurements of this part", groups, row -> Series.plain(row).name(), Set.of(Variants.HOST_SHARE, Variants.UNIT));
        return out.append("</details>\n").toString();
    }

    private static void table(final StringBuilder out, final String title, final Map<String, List<Row>> groups, final Function<Row,
        String> name,
                              final Set<String> shown) {
        out.append("<div class=\"scroll\" role=\"region\" aria-label=\"").append(text(title))
            .append("\" tabindex=\"0\"><table class=\"rows\">\n<thead><tr>");
        final boolean more = groups.values().stream().flatMap(List::stream).anyMatch(row -> !circumstances(row, shown).isEmpty());
        HEADS.forEach(head -> out.append("<th scope=\"col\">").append(head).append("</th>"));
        out.append(more ? "<th class=\"words\" scope=\"col\">Circumstances</th>" : "").append("</tr></thead>\n");
        groups.forEach((group, rows) -> {
            out.append("<tbody>\n<tr class=\"group\"><th colspan=\"").append(HEADS.size() + (more ? 1 : 0)).append("\" scope=\"rowgroup\"><span>")
                .append(text(Markup.capitalized(group))).append("</span></th></tr>\n");
            rows.forEach(row -> row(out, row, name.apply(row), more, circumstances(row, shown)));
            out.append("</tbody>\n");
        });
        out.append("</table></div>\n");
    }

    private static void row(final StringBuilder out, final Row row, final String name, final boolean more, final String circumstances) {
        final Figures figures = row.figures();
        out.append("<tr><th scope=\"row\">").append(text(name)).append("</th>");
        cell(out, String.format(Locale.ROOT, "%,d", figures.count()));
        for (final Statistic statistic : List.of(Statistic.MEAN, Statistic.P50, Statistic.P90, Statistic.P99, Statistic.P999,
            Statistic.MAX)) {
            figure(out, row, statistic);
        }
        cell(out, Readable.share(row.param(Variants.HOST_SHARE)));
        out.append(more ? "<td class=\"words\">" + text(circumstances) + "</td>" : "").append("</tr>\n");
    }

    /** With the spread of its parts below it, where they differ. */
    private static void figure(final StringBuilder out, final Row row, final Statistic statistic) {
        final double value = statistic == Statistic.MEAN ? row.figures().mean() : statistic.of(row.figures());
        out.append("<td>").append(text(Units.typeset(row, value)));
        Spread.of(row, statistic).filter(spread -> spread.high() - spread.low() > WORTH_SHOWING * value).ifPresent(spread -> out
            .append("<small title=\"least and largest of the parts\">")
            .append(text(Units.typeset(row, spread.low()))).append(" … ").append(text(Units.typeset(row, spread.high())))
            .append("</small>"));
        out.append("</td>");
    }

    private static void cell(final StringBuilder out, final String content) {
        out.append("<td>").append(content.isEmpty() ? "–" : text(content)).append("</td>");
    }

    private static String circumstances(final Row row, final Set<String> shown) {
        return row.params().entrySet().stream().filter(param -> !shown.contains(param.getKey()) && !Spread.isParam(param.getKey()))
            .map(param -> param.getKey() + "=" + param.getValue()).collect(Collectors.joining(", "));
    }
}
