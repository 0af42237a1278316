package io.vmrpc.bench.report;

import static io.vmrpc.bench.report.Markup.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Percentile plots of a chapter: of its rows whose whole distribution is known and is one of times. A plot for each load and circumstance,
 * a line for each row in it.
 */
final class ChapterPlots {
    /** More lines than this nobody can tell apart. */
    private static final int MOST_LINES = 8;
    /** More plots than this are folded. */
    private static final int MOST_SHOWN = 4;
    private final Chapter chapter;
    private final String id;

    private ChapterPlots(final String id, final Chapter chapter) {
        this.chapter = chapter;
        this.id = id;
    }

    static String html(final String id, final Chapter chapter, final List<Row> rows) {
        return new ChapterPlots(id, chapter).html(rows);
    }

    private String html(final List<Row> rows) {
        final Map<String, List<Row>> plots = new LinkedHashMap<>();
        rows.stream().filter(row -> row.histogram().isPresent() && row.figures().count() > 1 && Units.of(row).equals(Units.NANOSECONDS)
            && !row.bench().equals(TimelineVariants.TIMELINE))
            .forEach(row -> plots.computeIfAbsent(title(row), title -> new ArrayList<>()).add(row));
        if (plots.isEmpty()) {
            return "";
        }
        final List<String> cards = new ArrayList<>();
        plots.forEach((title, its) -> cards(cards, title, ChapterSeries.of(its)));
        final String charts = "<div class=\"charts\">\n" + String.join("", cards) + "</div>\n";
        final String caption = "Percentile plots" + (cards.size() > MOST_SHOWN ? " (" + cards.size() + ")" : "");
        return "<details" + (cards.size() > MOST_SHOWN ? "" : " open=\"open\"") + "><summary>" + caption + "</summary>\n" + charts
            + "</details>\n";
    }

    private void cards(final List<String> cards, final String title, final List<Series> series) {
        final PlotScale scale = PercentilePlot.scale(series);
        final int parts = (series.size() + MOST_LINES - 1) / MOST_LINES;
        for (int part = 0; part < parts; part++) {
            final List<Series> its = series.subList(part * series.size() / parts, (part + 1) * series.size() / parts);
            final String whole = title + (parts == 1 ? "" : ", lines of part " + (part + 1) + " of " + parts);
            cards.add("<figure>\n<figcaption><strong>" + text(Markup.capitalized(whole)) + "</strong></figcaption>\n"
                + PercentilePlot.svg(id + "-plot" + cards.size(), chapter.title() + ": " + whole, "time", its, scale) + Legend.html(its)
                + "</figure>\n");
        }
    }

    /** Load and circumstances; the bench where a chapter has several. */
    private String title(final Row row) {
        final List<String> words = new ArrayList<>();
        if (chapter.benches().size() > 1) {
            words.add(row.bench());
        }
        for (final String name : chapter.plotBy()) {
            if (!row.param(name).isEmpty()) {
                words.add(name + " " + row.param(name));
            }
        }
        words.add(Scenario.of(row).loadWords());
        return String.join(", ", words);
    }

    /** Lines of one plot: known variants look as everywhere, and circumstances that tell two lines apart are in their names. */
    static final class ChapterSeries {
        private static final int OTHER_STYLES = 8;

        private ChapterSeries() {
        }

        static List<Series> of(final List<Row> rows) {
            final Map<String, Series> byName = new LinkedHashMap<>();
            final TreeSet<String> styles = new TreeSet<>();
            int others = 0;
            for (final Row row : rows) {
                final Series plain = Series.plain(row);
                final String circumstances = circumstances(row, rows.stream()
                    .filter(other -> Series.plain(other).name().equals(plain.name())).toList());
                String style = plain.style();
                while (style.isEmpty() || styles.contains(style) && others < OTHER_STYLES) {
                    style = "s-other" + others++ % OTHER_STYLES;
                }
                styles.add(style);
                final String name = plain.name() + (circumstances.isEmpty() ? "" : ", " + circumstances);
                byName.put(name, new Series(row, circumstances.isEmpty() ? plain.label() : circumstances, name, style, plain.rank()));
            }
            return new ArrayList<>(byName.values());
        }

        /** The given parameters, and the kind of VM, in which lines of the same name differ. */
        private static String circumstances(final Row row, final List<Row> namesakes) {
            final List<String> words = new ArrayList<>();
            if (namesakes.stream().anyMatch(other -> !other.vm().equals(row.vm()))) {
                words.add("vm " + row.vm());
            }
            Found.given(row).forEach((name, value) -> {
                if (namesakes.stream().anyMatch(other -> !other.param(name).equals(value))) {
                    words.add(value.matches("[\\d.]+") ? name + " " + value : value);
                }
            });
            return String.join(", ", words);
        }
    }
}
