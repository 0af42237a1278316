package io.vmrpc.bench.report;

import static io.vmrpc.bench.report.Markup.text;
import static io.vmrpc.bench.report.Markup.typeset;

import java.util.List;

/** A chapter for the page: question, findings, tables, plots, every row, and how to repeat it. */
final class ChapterSection {
    private ChapterSection() {
    }

    /**
     * A section.
     *
     * @param id of the section, unique in the page
     * @param chapter any
     * @param its rows, at least one
     */
    static String html(final String id, final Chapter chapter, final List<Row> its) {
        final StringBuilder page = new StringBuilder();
        page.append("<section id=\"").append(id).append("\" class=\"chapter\">\n<h2>").append(text(chapter.title())).append("</h2>\n<p>")
            .append(typeset(chapter.question())).append("</p>\n");
        disturbed(page, its);
        page.append("<ul class=\"findings\">\n");
        chapter.findings(its).forEach(finding -> page.append("<li>").append(typeset(finding)).append("</li>\n"));
        page.append("</ul>\n");
        chapter.tables(its).forEach(table -> table(page, table));
        page.append(TimelineFigure.html(id + "-time", its));
        page.append(ChapterPlots.html(id, chapter, its));
        page.append(RowTables.folded(its));
        page.append("<p class=\"repeat\">Repeat it: <code>").append(text(chapter.command())).append("</code></p>\n</section>\n");
        return page.toString();
    }

    private static void disturbed(final StringBuilder page, final List<Row> its) {
        final List<String> whys = its.stream().map(Disturbances::of).filter(why -> !why.isEmpty()).distinct().toList();
        if (!whys.isEmpty()) {
            page.append("<p class=\"warning\">The machine was disturbed beside ")
                .append(its.stream().filter(row -> !Disturbances.of(row).isEmpty()).count()).append(" of these ")
                .append(its.size()).append(" rows: ").append(text(String.join("; ", whys)))
                .append(". What follows is to be repeated before it is believed.</p>\n");
        }
    }

    private static void table(final StringBuilder page, final Chapter.Table table) {
        page.append("<div class=\"scroll\" role=\"region\" aria-label=\"").append(text(table.caption()))
            .append("\" tabindex=\"0\"><table class=\"figures\">\n<caption>")
            .append(text(table.caption())).append("</caption>\n<thead><tr>");
        for (int column = 0; column < table.heads().size(); column++) {
            page.append(isOfWords(table, column) ? "<th scope=\"col\" class=\"words\">" : "<th scope=\"col\">")
                .append(typeset(table.heads().get(column))).append("</th>");
        }
        page.append("</tr></thead>\n<tbody>\n");
        for (final List<String> line : table.lines()) {
            page.append("<tr><th scope=\"row\">").append(typeset(line.get(0))).append("</th>");
            for (int column = 1; column < line.size(); column++) {
                page.append(isOfWords(table, column) ? "<td class=\"words\">" : "<td>").append(typeset(line.get(column))).append("</td>");
            }
            page.append("</tr>\n");
        }
        page.append("</tbody>\n</table></div>\n").append(table.note().isEmpty() ? "" : "<p class=\"note\">" + typeset(table.note())
            + "</p>\n");
    }

    /** Words stand on the left, figures on the right. A column is one of figures if any of its cells begins like one. */
    private static boolean isOfWords(final Chapter.Table table, final int column) {
        return column == 0 || table.lines().stream().noneMatch(line -> line.get(column).matches("[-+~<>]?\\d.*"));
    }
}
