package io.vmrpc.bench.report;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What ends a run on a terminal: the comparisons, one line each, then the targets and the result in words. ASCII, 100 columns. */
public final class TerminalTable {
    private static final int COLUMNS = 98;

    private TerminalTable() {
    }

    /**
     * The table as text.
     *
     * @param summary of a run
     * @param colour  whether to add ANSI colours
     * @return lines, each ended by a newline
     */
    public static String render(final Summary summary, final boolean colour) {
        final Ink ink = colour ? Ink.ANSI : Ink.PLAIN;
        final StringBuilder out = new StringBuilder();
        out.append(ScenarioLines.tables(summary, ink));
        out.append(ChapterText.of(summary, ink));
        out.append(summary.comparisons().isEmpty() && !summary.chapters().isEmpty() ? "" : '\n' + targets(summary, ink));
        final String control = ControlSection.verdict(summary.measured());
        out.append(control.isEmpty() ? "" : "\n" + (control.startsWith("No ") ? control : ink.bad(wrapped("Disturbed: " + control, "")))
            + "\n");
        out.append('\n').append(ink.bold(wrapped(summary.headline().replace("µs", "us"), ""))).append('\n');
        return out.toString();
    }

    /**
     * Prints the table, in colour if a person looks at a terminal that can show it.
     *
     * @param summary of a run
     * @param out     usually {@link System#out}
     */
    public static void print(final Summary summary, final PrintStream out) {
        final Map<String, String> environment = System.getenv();
        final boolean colour = System.console() != null && !environment.containsKey("NO_COLOR")
            && !environment.getOrDefault("TERM", "dumb").equals("dumb");
        out.print(render(summary, colour));
        out.flush();
    }

    private static String targets(final Summary summary, final Ink ink) {
        final List<TargetResult> results = summary.targets().stream().filter(result -> result.outcome() != Outcome.NOT_MEASURED).toList();
        final int others = summary.targets().size() - results.size();
        final StringBuilder out = new StringBuilder();
        out.append(ink.bold("Targets: " + results.stream().filter(result -> result.outcome() == Outcome.REACHED).count()
            + " of " + results.size() + " reached")).append('\n');
        for (final TargetResult result : results) {
            final Outcome outcome = result.outcome();
            out.append(ink.of(outcome, String.format(Locale.ROOT, "  %-12s", outcome.words())))
                .append("  ").append(result.target().words()).append('\n')
                .append(ink.dim(wrapped("promised " + result.target().boundWords() + "; " + Ink.clean(result.evidence()), " ".repeat(16)))).append('\n');
        }
        return others == 0 ? out.toString() : out.append(others + " more targets: not measured by this run.\n").toString();
    }

    static String wrapped(final String text, final String indent) {
        final StringBuilder out = new StringBuilder();
        int column = COLUMNS;
        for (final String word : text.split(" ")) {
            if (column + 1 + word.length() > COLUMNS) {
                out.append(out.length() == 0 ? "" : "\n").append(indent).append(word);
                column = indent.length() + word.length();
            } else {
                out.append(' ').append(word);
                column += 1 + word.length();
            }
        }
        return out.toString();
    }
}
