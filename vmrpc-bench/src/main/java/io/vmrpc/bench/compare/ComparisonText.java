package io.vmrpc.bench.compare;

import io.vmrpc.bench.compare.Change.Verdict;
import java.util.List;
import java.util.Locale;

/** A comparison of two runs for a terminal: the result last. */
public final class ComparisonText {
    private static final int COLUMNS = 120;
    private final RunComparison comparison;
    private final StringBuilder out = new StringBuilder();

    private ComparisonText(final RunComparison comparison) {
        this.comparison = comparison;
    }

    /**
     * The comparison as text.
     *
     * @param comparison of two runs
     * @return lines, each ended by a newline
     */
    public static String of(final RunComparison comparison) {
        return new ComparisonText(comparison).text();
    }

    private String text() {
        wrapped(comparison.machine().words());
        wrapped(comparison.machine().other());
        wrapped(Noise.words());
        final double depth = comparison.depthChange();
        if (depth != 1) {
            wrapped(String.format(Locale.ROOT, "The new run has %.2g times as many samples a row: is one of them a quick run? Then "
                + "few figures of the tail can be compared.", depth));
        }
        list("Only in the old run", comparison.onlyBefore());
        list("Only in the new run", comparison.onlyAfter());
        list("Not judged, since the machine was disturbed in one of the runs", lines(Verdict.DISTURBED));
        list("Faster", lines(Verdict.FASTER));
        list("Slower", lines(Verdict.SLOWER));
        final int slower = comparison.changes(Verdict.SLOWER).size();
        out.append('\n').append(comparison.pairs()).append(" rows compared: ").append(figures(slower)).append(" slower beyond the noise, ")
            .append(comparison.changes(Verdict.FASTER).size()).append(" faster, ").append(comparison.changes(Verdict.SAME).size())
            .append(" unchanged, ")
            .append(comparison.changes(Verdict.DISTURBED).size()).append(" not judged.\n");
        return out.toString();
    }

    private static String figures(final int count) {
        return count == 1 ? "1 figure became" : count + " figures became";
    }

    private List<String> lines(final Verdict verdict) {
        return comparison.changes(verdict).stream().map(Change::words).toList();
    }

    private void list(final String title, final List<String> lines) {
        if (!lines.isEmpty()) {
            out.append('\n').append(title).append(" (").append(lines.size()).append("):\n");
            lines.forEach(line -> out.append("  ").append(line.replaceAll("[^\\x20-\\x7e]", "?")).append('\n'));
        }
    }

    private void wrapped(final String sentence) {
        int column = 0;
        for (final String word : sentence.replaceAll("[^\\x20-\\x7e]", "?").split(" ")) {
            final boolean isBroken = column + 1 + word.length() > COLUMNS;
            out.append(column == 0 ? "" : isBroken ? "\n" : " ").append(word);
            column = isBroken ? word.length() : column + 1 + word.length();
        }
        out.append(sentence.isEmpty() ? "" : "\n");
    }
}
