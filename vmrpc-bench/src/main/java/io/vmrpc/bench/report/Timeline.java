package io.vmrpc.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A time series: the rows of the bench {@link TimelineVariants#TIMELINE} as lines over seconds, and the phases of load beneath them.
 *
 * @param lines  in reading order
 * @param phases ascending, without overlap
 */
record Timeline(List<Line> lines, List<Phase> phases) {

    /** One line: the seconds that were measured, ascending. */
    record Line(Series series, List<Second> seconds) {
    }

    /** One second. */
    record Second(int number, String phase, Figures figures) {
    }

    /** Seconds with the same load; the end is the first second that no longer belongs to it. */
    record Phase(String load, int begin, int end) {
        String words() {
            return switch (load) {
                case "none" -> "idle";
                case "guest" -> "guest loaded";
                case "host" -> "host loaded";
                case Variants.LOAD_BOTH -> "guest and host loaded";
                default -> load;
            };
        }
    }

    /** Of the rows that are seconds; others are left out. */
    static Timeline of(final List<Row> rows) {
        final Map<String, List<Second>> byName = new LinkedHashMap<>();
        final Map<String, Row> named = new LinkedHashMap<>();
        final TreeMap<Integer, String> loads = new TreeMap<>();
        for (final Row row : rows) {
            if (isSecond(row)) {
                final Second second = new Second(Integer.parseInt(row.param(TimelineVariants.SECOND)), phase(row), row.figures());
                final String name = Series.plain(row).name();
                named.putIfAbsent(name, row);
                byName.computeIfAbsent(name, key -> new ArrayList<>()).add(second);
                loads.putIfAbsent(second.number(), second.phase());
            }
        }
        final List<Series> series = ChapterPlots.ChapterSeries.of(named.values().stream().map(Timeline::withoutTime).toList());
        final List<Line> lines = new ArrayList<>();
        int index = 0;
        for (final List<Second> seconds : byName.values()) {
            seconds.sort(Comparator.comparingInt(Second::number));
            lines.add(new Line(series.get(index++), seconds));
        }
        lines.sort(Comparator.comparingInt(line -> line.series().rank()));
        return new Timeline(lines, phases(loads));
    }

    static boolean isSecond(final Row row) {
        return row.bench().equals(TimelineVariants.TIMELINE) && row.param(TimelineVariants.SECOND).matches("\\d{1,6}")
            && row.figures().count() > 0;
    }

    int begin() {
        return phases.get(0).begin();
    }

    int end() {
        return phases.get(phases.size() - 1).end();
    }

    /** The loads in the order in which they first came. */
    List<Phase> kinds() {
        final Map<String, Phase> first = new LinkedHashMap<>();
        phases.forEach(phase -> first.putIfAbsent(phase.load(), phase));
        return List.copyOf(first.values());
    }

    private static String phase(final Row row) {
        return row.param(TimelineVariants.PHASE).isEmpty() ? row.load() : row.param(TimelineVariants.PHASE);
    }

    /** What a line is called by: its seconds and phases are no circumstances of it. */
    private static Row withoutTime(final Row row) {
        return row.withParam(TimelineVariants.SECOND, "0").withParam(TimelineVariants.PHASE, "").in(row.vm(), "none");
    }

    private static List<Phase> phases(final TreeMap<Integer, String> loads) {
        final List<Phase> phases = new ArrayList<>();
        loads.forEach((second, load) -> {
            final Phase last = phases.isEmpty() ? null : phases.get(phases.size() - 1);
            if (last != null && last.load().equals(load)) {
                phases.set(phases.size() - 1, new Phase(load, last.begin(), second + 1));
            } else {
                phases.add(new Phase(load, second, second + 1));
            }
        });
        return phases;
    }
}
