package io.vmrpc.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The rows of one scenario, looked up by what they are. */
record ScenarioRows(Scenario scenario, List<Row> rows) {

    ScenarioRows {
        rows = rows.stream().filter(scenario::holds).toList();
    }

    /** The last row of that variant; among references, one of the same period is preferred. */
    Optional<Row> variant(final String variant) {
        final List<Row> all = rows.stream().filter(row -> row.variant().equals(variant)).toList();
        final List<Row> same = all.stream().filter(row -> row.param(Variants.PERIOD).equals(scenario.period())).toList();
        return last(same.isEmpty() ? all : same);
    }

    /** The row of a program with VMRPC preloaded. */
    Optional<Row> vmrpc(final String mode) {
        return last(rows.stream().filter(row -> row.param(Variants.MODE).equals(mode)).toList());
    }

    /** The conventional row under that host scheduling. */
    Optional<Row> conventional(final String host) {
        return last(rows.stream().filter(row -> Variants.isConventional(row) && host(row).equals(host)).toList());
    }

    /** The conventional row that is lowest at the statistic. */
    Optional<Row> bestConventional(final Statistic statistic) {
        return Variants.HOSTS.stream().flatMap(host -> conventional(host).stream())
            .min(Comparator.comparingLong(row -> statistic.of(row.figures())));
    }

    /** The conventional row that is highest at the statistic, where rows are rates. */
    Optional<Row> highestConventional(final Statistic statistic) {
        return Variants.HOSTS.stream().flatMap(host -> conventional(host).stream())
            .max(Comparator.comparingLong(row -> statistic.of(row.figures())));
    }

    /** Host schedulings without a conventional row, in words; empty if none is missing. */
    String missingHosts() {
        final List<String> missing = new ArrayList<>(Variants.HOSTS);
        missing.removeIf(host -> conventional(host).isPresent());
        return String.join(", ", missing);
    }

    /** Who did not touch the host's scheduling need not say so. */
    static String host(final Row row) {
        final String host = row.param(Variants.HOST);
        return host.isEmpty() ? Variants.UNTOUCHED : host;
    }

    private static Optional<Row> last(final List<Row> rows) {
        return rows.isEmpty() ? Optional.empty() : Optional.of(rows.get(rows.size() - 1));
    }
}
