package io.vmrpc.bench.report;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * One handler or exchange under one load: ours, and the conventional ones in each host scheduling.
 *
 * @param name         what it is, with its load
 * @param load         of its rows
 * @param ours         by VMRPC
 * @param conventional without it, in the order of {@link Variants#HOSTS} where measured; of several ways all
 * @param published    what the published test found, on other hardware; empty if nothing like it
 */
record ResponseCase(String name, String load, Optional<Row> ours, List<Row> conventional, String published) {

    /** The conventional row that is lowest at the statistic. */
    Optional<Row> best(final Statistic statistic) {
        return conventional.stream().min(Comparator.comparingLong(row -> statistic.of(row.figures())));
    }

    /** The best conventional one as a multiple of ours. */
    OptionalDouble ratio(final Statistic statistic) {
        final Optional<Row> best = best(statistic);
        return best.isEmpty() || ours.isEmpty() || statistic.of(ours.get().figures()) == 0 ? OptionalDouble.empty()
            : OptionalDouble.of((double)statistic.of(best.get().figures()) / statistic.of(ours.get().figures()));
    }

    String ratioWords(final Statistic statistic) {
        final OptionalDouble ratio = ratio(statistic);
        return ratio.isPresent() ? Readable.ratio(ratio.getAsDouble(), true) : ScenarioLines.ABSENT;
    }

    /** Of the conventional row in that scheduling, the best of several ways at p99. */
    Optional<Row> in(final String host) {
        return conventional.stream().filter(row -> row.param(Variants.HOST).equals(host))
            .min(Comparator.comparingLong(row -> row.figures().p99()));
    }

    /** For example "1.2 us / 45.1 us / 3.4 ms". */
    static String triple(final Optional<Row> row) {
        return row.map(Row::figures).map(figures -> String.join(" / ",
            Stream.of(figures.p50(), figures.p99(), figures.max()).map(Readable::nanos).toList())).orElse(ScenarioLines.ABSENT);
    }
}
