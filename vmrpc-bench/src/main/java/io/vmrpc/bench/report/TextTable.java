package io.vmrpc.bench.report;

import java.util.ArrayList;
import java.util.List;

/** Aligned columns under two lines of heads: groups that span columns, and names. The first column is on the left. */
final class TextTable {
    /** A column's name below its group; neighbours with the same group share it. */
    record Head(String group, String name) {
    }

    private final List<Head> heads;
    private final Ink ink;
    /** A row of one cell is a line across the table. */
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(final Ink ink, final List<Head> heads) {
        this.ink = ink;
        this.heads = heads;
    }

    void add(final List<String> cells) {
        rows.add(cells.stream().map(Ink::clean).toList());
    }

    String render() {
        final int[] widths = widths();
        final StringBuilder out = new StringBuilder();
        line(out, ink.dim(groups(widths)));
        line(out, ink.dim(cells(heads.stream().map(Head::name).toList(), widths)));
        for (final List<String> row : rows) {
            line(out, row.size() == 1 ? ink.dim(row.get(0)) : cells(row, widths));
        }
        return out.toString();
    }

    /** Each width includes the gap before the column, which is wider where a group begins. */
    private int[] widths() {
        final int[] widths = new int[heads.size()];
        for (int column = 0; column < widths.length; column++) {
            int longest = heads.get(column).name().length();
            for (final List<String> row : rows) {
                longest = row.size() == 1 ? longest : Math.max(longest, row.get(column).length());
            }
            widths[column] = longest + (column == 0 ? 0 : beginsGroup(column) ? 3 : 1);
        }
        for (int column = 1; column < widths.length; column = groupEnd(column)) {
            int spare = heads.get(column).group().length() + 2;
            for (int inGroup = column; inGroup < groupEnd(column); inGroup++) {
                spare -= widths[inGroup];
            }
            widths[column] += Math.max(0, spare);
        }
        return widths;
    }

    private String groups(final int[] widths) {
        final StringBuilder text = new StringBuilder(" ".repeat(widths[0]));
        for (int column = 1; column < widths.length; column = groupEnd(column)) {
            int width = 0;
            for (int inGroup = column; inGroup < groupEnd(column); inGroup++) {
                width += widths[inGroup];
            }
            text.append(right(heads.get(column).group(), width));
        }
        return text.toString();
    }

    private String cells(final List<String> cells, final int[] widths) {
        final StringBuilder text = new StringBuilder(cells.get(0)).append(" ".repeat(widths[0] - cells.get(0).length()));
        for (int column = 1; column < widths.length; column++) {
            text.append(right(cells.get(column), widths[column]));
        }
        return text.toString();
    }

    private boolean beginsGroup(final int column) {
        return !heads.get(column).group().equals(heads.get(column - 1).group());
    }

    private int groupEnd(final int column) {
        int end = column + 1;
        while (end < heads.size() && !beginsGroup(end)) {
            end++;
        }
        return end;
    }

    private static String right(final String text, final int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    private static void line(final StringBuilder out, final String text) {
        out.append(text.stripTrailing()).append('\n');
    }
}
