package io.vmrpc.bench.report;

import io.vmrpc.bench.report.Comparison.Baseline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Long polling against the guest's own timer and the host's cyclictest, for one period, kind and load. */
final class TimerComparisons {
    private static final String JUDGED_VM = "tcg";

    private TimerComparisons() {
    }

    static List<Comparison> of(final ScenarioRows measured, final Depth depth) {
        final List<Comparison> comparisons = new ArrayList<>();
        for (final Statistic statistic : depth.percentiles()) {
            // The best of two is no best of three: without all of them there is a ratio and no verdict.
            comparisons.add(comparison(measured, Baseline.BEST_CONVENTIONAL, statistic, measured.bestConventional(statistic),
                best(statistic), measured.missingHosts()));
        }
        comparisons.add(comparison(measured, Baseline.UNTOUCHED_CONVENTIONAL, Statistic.P99,
            measured.conventional(Variants.UNTOUCHED), Optional.of(Target.TIMER_P99_UNTOUCHED), ""));
        comparisons.add(comparison(measured, Baseline.CYCLICTEST, Statistic.P99,
            measured.variant(Variants.HOST_CYCLICTEST), Optional.of(Target.TIMER_P99_CYCLICTEST), ""));
        return comparisons;
    }

    static String longPoll(final Scenario scenario) {
        return scenario.kind().equals("oneshot") ? Variants.LONGPOLL_ONESHOT : Variants.LONGPOLL_PERIODIC;
    }

    private static Comparison comparison(final ScenarioRows measured, final Baseline baseline, final Statistic statistic,
                                         final Optional<Row> baselineRow, final Optional<Target> target, final String missing) {
        final Scenario scenario = measured.scenario();
        final boolean judged = scenario.vm().equals(JUDGED_VM) && scenario.load().equals(Variants.LOAD_BOTH);
        final String subject = longPoll(scenario);
        return new Comparison(scenario, subject, baseline, statistic, measured.variant(subject), baselineRow,
            judged ? target : Optional.empty(), missing);
    }

    private static Optional<Target> best(final Statistic statistic) {
        return switch (statistic) {
            case P50 -> Optional.of(Target.TIMER_P50_BEST);
            case P99 -> Optional.of(Target.TIMER_P99_BEST);
            default -> Optional.empty();
        };
    }
}
