package io.vmrpc.bench.report;

import io.vmrpc.bench.report.TextTable.Head;
import java.util.List;

/** Chapters for a terminal. */
final class ChapterText {
    private ChapterText() {
    }

    static String of(final Summary summary, final Ink ink) {
        final StringBuilder out = new StringBuilder();
        for (final Chapter chapter : summary.chapters()) {
            final List<Row> its = Chapters.rows(chapter, summary.measured());
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
