package io.vmrpc.bench.report;

import io.vmrpc.bench.report.TextTable.Head;
import java.util.List;

/** Chapters for a terminal. */
final class ChapterText {
    private ChapterText() {
    }

    static String of(final List<Row> rows, final Ink ink) {
        final StringBuilder out = new StringBuilder();
        for (final Chapter chapter : Chapters.of(rows)) {
            final List<Row> its = Chapters.rows(chapter, rows);
            out.append('\n').append(ink.bold(Ink.clean(chapter.title()))).append('\n');
            for (final Chapter.Table table : chapter.tables(its)) {
                out.append('\n').append(Ink.clean(table.caption())).append('\n');
                final TextTable text = new TextTable(ink, table.heads().stream().map(head -> new Head("", Ink.clean(head))).toList());
                table.lines().forEach(text::add);
                out.append(text.render());
                if (!table.note().isEmpty()) {
                    out.append(ink.dim(TerminalTable.wrapped(Ink.clean(table.note()), ""))).append('\n');
                }
            }
            out.append('\n');
            chapter.findings(its).forEach(finding -> out.append(TerminalTable.wrapped(Ink.clean(finding), "")).append('\n'));
        }
        return out.toString();
    }
}
