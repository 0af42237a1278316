package io.vmrpc.bench.report;

import java.util.List;

/** The parts of the evaluation that have chapters of their own, in reading order. */
final class Chapters {
    private static final List<Chapter> ALL = List.of(new ResponseChapter());

    private Chapters() {
    }

    static boolean covers(final String bench) {
        return ALL.stream().anyMatch(chapter -> chapter.benches().contains(bench));
    }

    /** Those that have rows. */
    static List<Chapter> of(final List<Row> rows) {
        return ALL.stream().filter(chapter -> !rows(chapter, rows).isEmpty()).toList();
    }

    static List<Row> rows(final Chapter chapter, final List<Row> rows) {
        return rows.stream().filter(row -> chapter.benches().contains(row.bench())).toList();
    }
}
