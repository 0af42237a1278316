package io.vmrpc.bench.report;

import static io.vmrpc.bench.report.Markup.text;

import java.util.List;

/** Chapters for the page. */
final class ChapterSection {
    private ChapterSection() {
    }

    static String html(final List<Row> rows) {
        final StringBuilder page = new StringBuilder();
        for (final Chapter chapter : Chapters.of(rows)) {
            final List<Row> its = Chapters.rows(chapter, rows);
            page.append("<section>\n<h2>").append(text(chapter.title())).append("</h2>\n<p>").append(text(chapter.question())).append("</p>\n<ul>\n");
            chapter.findings(its).forEach(finding -> page.append("<li>").append(text(finding)).append("</li>\n"));
            page.append("</ul>\n");
            chapter.tables(its).forEach(table -> table(page, table));
            page.append("<p>Repeat it: <code>").append(text(chapter.command())).append("</code></p>\n</section>\n");
        }
        return page.toString();
    }

    private static void table(final StringBuilder page, final Chapter.Table table) {
        page.append("<div class=\"scroll\" role=\"region\" aria-label=\"").append(text(table.caption())).append("\" tabindex=\"0\"><table>\n<caption>")
            .append(text(table.caption())).append("</caption>\n<thead><tr>");
        table.heads().forEach(head -> page.append("<th scope=\"col\">").append(text(head)).append("</th>"));
        page.append("</tr></thead>\n<tbody>\n");
        for (final List<String> line : table.lines()) {
            page.append("<tr><th scope=\"row\">").append(text(line.get(0))).append("</th>");
            line.subList(1, line.size()).forEach(cell -> page.append("<td>").append(text(cell)).append("</td>"));
            page.append("</tr>\n");
        }
        page.append("</tbody>\n</table></div>\n").append(table.note().isEmpty() ? "" : "<p>" + text(table.note()) + "</p>\n");
    }
}
