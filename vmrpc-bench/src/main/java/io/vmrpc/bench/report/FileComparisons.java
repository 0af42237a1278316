package io.vmrpc.bench.report;

import io.vmrpc.bench.report.Comparison.Baseline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The host's file service against 9p in the best of three schedulings, for one operation and one load. */
final class FileComparisons {
    private static final List<Statistic> SHOWN = List.of(Statistic.MEAN, Statistic.P50, Statistic.P99);
    private static final String LARGE = "65536";

    private FileComparisons() {
    }

    static List<Comparison> of(final ScenarioRows measured) {
        final List<Comparison> comparisons = new ArrayList<>();
        final String subject = subject(measured.scenario());
        for (final Statistic statistic : SHOWN) {
            comparisons.add(new Comparison(measured.scenario(), subject, Baseline.BEST_CONVENTIONAL, statistic, measured.variant(subject),
                measured.bestConventional(statistic), target(measured.scenario(), statistic), measured.missingHosts()));
        }
        return comparisons;
    }

    /** The variant by the file service. */
    static String subject(final Scenario scenario) {
        return Variants.VMRPC_FILE_PREFIX + scenario.kind();
    }

    private static Optional<Target> target(final Scenario scenario, final Statistic statistic) {
        if (statistic != Statistic.MEAN) {
            return Optional.empty();
        }
        return scenario.kind().equals("stat") ? Optional.of(Target.FILE_STAT)
            : scenario.payload().equals(LARGE) ? Optional.of(Target.FILE_64K) : Optional.empty();
    }
}
