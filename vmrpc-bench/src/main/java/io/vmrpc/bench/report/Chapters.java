package io.vmrpc.bench.report;

import java.util.List;

/** The parts of the evaluation that have chapters of their own, in reading order. */
final class Chapters {
    private static final List<Chapter> ALL = List.of(new ResponseChapter(), new IndependenceChapter(), new ProbeChapter(),
new DensityLines(), new AlternativeChapter());

    private Chapters() {
    }

    static List<Chapter> all() {
        return ALL;
    }

    static boolean covers(final List<Chapter> chapters, final String bench) {
        return chapters.stream().anyMatch(chapter -> chapter.benches().contains(bench));
    }

    static List<Row> rows(final Chapter chapter, final List<Row> rows) {
        return rows.stream().filter(row -> chapter.benches().contains(row.bench())).toList();
    }
}
