package io.vmrpc.bench.report;

import static io.vmrpc.bench.report.Markup.text;
import static io.vmrpc.bench.report.Markup.typeset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** A run as one page: no network, no scripts, well-formed XML; light and dark, desk and phone. */
public final class HtmlReport {
    private static final List<Target> TILES = List.of(Target.TIMER_P99_BEST, Target.TIMER_P99_UNTOUCHED, Target.TIMER_P99_CYCLICTEST,
        Target.RPC_P50_TCP, Target.GUEST_MEAN, Target.GUEST_VIDEO);

    /** More figures nobody reads in ten seconds. */
    private static final int MOST_TILES = 6;
    private static final int MOST_OF_TARGETS = 4;
    private static final int MOST_SENTENCES = 3;
    private static final int LONG_HEADLINE = 120;

    private final Summary summary;
    private final List<Chapter> chapters;
    private final StringBuilder page = new StringBuilder();

    private HtmlReport(final Summary summary) {
        this.summary = summary;
        this.chapters = summary.chapters();
    }

    /**
     * The page as text.
     *
     * @param summary of a run
     * @param machine what it ran on, in the map's order: name and description
     * @param method  how it was measured, a paragraph each
     * @return HTML
     */
    public static String render(final Summary summary, final Map<String, String> machine, final List<String> method) {
        return new HtmlReport(summary).render(machine, method);
    }

    /**
     * Writes the page; the file appears whole or stays as it was.
     *
     * @param file    is replaced if it exists
     * @param summary as in {@link #render(Summary, Map, List)}
     * @param machine likewise
     * @param method  likewise
     * @throws IOException if the file cannot be written
     */
    public static void write(final Path file, final Summary summary, final Map<String, String> machine, final List<String> method)
        throws IOException {
        WholeFile.write(file, render(summary, machine, method));
    }

    private String render(final Map<String, String> machine, final List<String> method) {
        page.append("<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta charset=\"utf-8\"/>\n")
            .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
            .append("<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>VMRPC latency report</title>\n<style>\n")
            .append(Stylesheet.CSS).append("</style>\n</head>\n<body>\n");
        header();
        page.append("<main>\n");
        tiles();
        inShort();
        final int contents = page.length();
        targets();
        for (int i = 0; i < chapters.size(); i++) {
            page.append(ChapterSection.html("chapter" + i, chapters.get(i), Chapters.rows(chapters.get(i), summary.measured())));
        }
        timeline();
        page.append(CurveSection.html(summary));
        page.append(RowTables.html(summary));
        page.append(ControlSection.html(summary.measured()));
        circumstances(machine, method);
        page.insert(contents, Contents.html(page.substring(contents)));
        return page.append("</main>\n</body>\n</html>\n").toString();
    }

    private void header() {
        final List<String> sentences = Headline.sentences(summary);
        final String main = sentences.get(0);
        page.append("<header>\n<p class=\"eyebrow\">VMRPC ").append(chapters.isEmpty() ? "latency report" : "evaluation").append(" · ")
            .append(summary.depth() == Depth.QUICK ? "quick run, judged up to p99" : "full run, judged up to p99.9")
            .append(main.length() > LONG_HEADLINE ? "</p>\n<h1 class=\"long\">" : "</p>\n<h1>").append(typeset(main)).append("</h1>\n");
        final List<String> lead = new ArrayList<>(sentences.subList(1, chapters.isEmpty() ? sentences.size() : Math
            .min(MOST_SENTENCES, sentences.size())));
        if (!chapters.isEmpty()) {
            lead.add(reached());
        }
        lead.add(ControlSection.verdict(summary.measured()));
        lead.removeIf(String::isEmpty);
        if (!lead.isEmpty()) {
            page.append("<p class=\"lead\">").append(text(String.join(" ", lead))).append("</p>\n");
        }
        page.append("</header>\n");
    }

    private void tiles() {
        final List<TargetResult> measured = summary.targets().stream().filter(result -> result.worst().isPresent()).toList();
        final List<TargetResult> main = measured.stream().filter(result -> TILES.contains(result.target())).toList();
        final List<String> ofChapters = chapters.stream().flatMap(chapter -> chapter.tile(Chapters.rows(chapter, summary.measured()))
            .stream())
            .map(tile -> "<li><span class=\"figure\">" + typeset(tile.figure()) + "</span><span class=\"what\">" + typeset(tile.words())
            + "</span></li>\n").toList();
        final List<String> tiles = Stream.concat((main.isEmpty() ? measured : main).stream()
            .limit(Math.max(MOST_OF_TARGETS, MOST_TILES - ofChapters.size()))
            .map(HtmlReport::tile), ofChapters.stream()).limit(MOST_TILES).toList();
        page.append(tiles.isEmpty() ? "" : "<ul class=\"tiles\">\n" + String.join("", tiles) + "</ul>\n");
    }

    private static String tile(final TargetResult result) {
        return "<li><span class=\"figure\">" + typeset(result.worst().orElseThrow().words()) + "</span><span class=\"what\">"
            + text(result.target().tile())
            + "</span><span class=\"promise\">" + verdict(result.outcome()) + "<span>target " + typeset(result.target().boundWords())
            + "</span></span></li>\n";
    }

    /** The main finding of each chapter, with the way there. */
    private void inShort() {
        if (chapters.isEmpty()) {
            return;
        }
        page.append("<section id=\"short\">\n<h2>In short</h2>\n<dl class=\"short\">\n");
        for (int i = 0; i < chapters.size(); i++) {
            final List<Row> its = Chapters.rows(chapters.get(i), summary.measured());
            page.append("<dt><a href=\"#chapter").append(i).append("\">").append(text(chapters.get(i).title())).append("</a></dt><dd>")
                .append(typeset(chapters.get(i).findings(its).stream().findFirst().orElse("See there.")))
                .append(its.stream().anyMatch(row -> !Disturbances.of(row).isEmpty()) ? " <span class=\"verdict "
                + "not_reached\">disturbed</span>" : "").append("</dd>\n");
        }
        page.append("</dl>\n</section>\n");
    }

    /** Where no chapter speaks of it. */
    private void timeline() {
        final String figure = Chapters.covers(chapters, TimelineVariants.TIMELINE) ? "" : TimelineFigure.html("time", summary.measured());
        page.append(figure.isEmpty() ? "" : "<section id=\"timeline\">\n<h2>Load comes and goes</h2>\n" + figure + "</section>\n");
    }

    /** For example "6 of 8 targets are reached."; empty if none was measured. */
    private String reached() {
        final List<Outcome> outcomes = summary.targets().stream().map(TargetResult::outcome)
            .filter(outcome -> outcome != Outcome.NOT_MEASURED).toList();
        return outcomes.isEmpty() ? "" : outcomes.stream().filter(outcome -> outcome == Outcome.REACHED).count() + " of " + outcomes.size()
            + " targets are reached.";
    }

    private void targets() {
        if (!chapters.isEmpty() && reached().isEmpty()) {
            return; // chapters say for themselves what was reached
        }
        page.append("<section id=\"targets\">\n<h2>Targets</h2>\n<p>" + reached() + " Each figure compares rows of this run, the "
            + "least favourable of all cases"
            + " the target speaks of.</p>\n<div class=\"scroll\" role=\"region\" aria-label=\"Targets\" tabindex=\"0\"><table class=\"targets\">\n<thead><tr>"
            + "<th scope=\"col\">Verdict</th><th scope=\"col\">Target</th><th scope=\"col\">Promised</th><th scope=\"col\">Measured</th></tr></thead>\n<tbody>\n");
        final List<TargetResult> measured = summary.targets().stream().filter(result -> result.outcome() != Outcome.NOT_MEASURED).toList();
        for (final TargetResult result : measured) {
            page.append("<tr><td>").append(verdict(result.outcome())).append("</td><th scope=\"row\">").append(text(Markup.capitalized(result.target().words())))
                .append("</th><td>").append(typeset(result.target().boundWords())).append("</td><td>")
                .append(typeset(result.evidence())).append("</td></tr>\n");
        }
        page.append("</tbody>\n</table></div>\n");
        final int others = summary.targets().size() - measured.size();
        page.append(others == 0 ? "" : "<p class=\"note\">" + others + " more targets: not measured by this run.</p>\n")
            .append("</section>\n");
    }

    private void circumstances(final Map<String, String> machine, final List<String> method) {
        page.append("<section id=\"machine\" class=\"circumstances\">\n");
        if (!machine.isEmpty()) {
            page.append("<div><h2>Machine</h2>\n<dl>\n");
            machine.forEach((name, value) -> page.append("<dt>").append(text(name)).append("</dt><dd>").append(text(value)).append("</dd>\n"));
            page.append("</dl></div>\n");
        }
        if (!method.isEmpty()) {
            page.append("<div><h2>Method</h2>\n");
            method.forEach(paragraph -> page.append("<p>").append(text(paragraph)).append("</p>\n"));
            page.append("</div>\n");
        }
        page.append("</section>\n");
    }

    /** Sign, colour and word: no reader depends on one of them. */
    private static String verdict(final Outcome outcome) {
        final String sign = switch (outcome) {
            case REACHED -> "✓";
            case NOT_REACHED -> "✗";
            default -> "–";
        };
        return "<span class=\"verdict " + outcome.name().toLowerCase(Locale.ROOT) + "\"><span aria-hidden=\"true\">" + sign
            + "</span> " + outcome.words() + "</span>";
    }
}
