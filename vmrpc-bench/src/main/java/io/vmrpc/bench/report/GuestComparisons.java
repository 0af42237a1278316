package io.vmrpc.bench.report;

import io.vmrpc.bench.report.Comparison.Baseline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A program of the guest with VMRPC preloaded against the same program without, in the best of three schedulings; cyclictest also against the host's
 * own, and its mode shared against direct.
 *
 * <p>Promises are about one thread. Of several threads on one CPU, due at once, each waits for those before it, however it is woken: shown, not judged.
 */
final class GuestComparisons {
    private static final List<Statistic> SHOWN = List.of(Statistic.MEAN, Statistic.P50, Statistic.P99, Statistic.P999, Statistic.MAX);

    private final ScenarioRows measured;
    private final List<Comparison> comparisons = new ArrayList<>();

    private GuestComparisons(final ScenarioRows measured) {
        this.measured = measured;
    }

    static List<Comparison> of(final ScenarioRows measured) {
        return new GuestComparisons(measured).all();
    }

    private List<Comparison> all() {
        final Scenario scenario = measured.scenario();
        final boolean isJudged = scenario.load().equals(Variants.LOAD_BOTH);
        for (final String mode : Variants.MODES) {
            if (measured.vmrpc(mode).isEmpty() && !mode.equals(Variants.SHARED)) {
                continue; // several threads, and most programs, have no direct mode
            }
            for (final Statistic statistic : SHOWN) {
                add(mode, Baseline.BEST_CONVENTIONAL, statistic, measured.bestConventional(statistic),
                    isJudged ? best(scenario, mode, statistic) : Optional.empty(), measured.missingHosts());
            }
        }
        if (scenario.kind().equals(Variants.CYCLICTEST)) {
            add(Variants.DIRECT, Baseline.CYCLICTEST, Statistic.P99, measured.variant(Variants.CYCLICTEST_HOST), Optional.of(Target.GUEST_CYCLICTEST), "");
            add(Variants.SHARED, Baseline.CYCLICTEST, Statistic.P99, measured.variant(Variants.CYCLICTEST_HOST), Optional.empty(), "");
            add(Variants.SHARED, Baseline.DIRECT, Statistic.P50, measured.vmrpc(Variants.DIRECT), Optional.of(Target.GUEST_SHARED), "");
        }
        return comparisons;
    }

    private void add(final String mode, final Baseline baseline, final Statistic statistic, final Optional<Row> baselineRow, final Optional<Target> target,
                     final String missing) {
        comparisons.add(new Comparison(measured.scenario(), mode, baseline, statistic, measured.vmrpc(mode), baselineRow, target, missing));
    }

    private static Optional<Target> best(final Scenario scenario, final String mode, final Statistic statistic) {
        if (scenario.kind().equals(Variants.CYCLICTEST) && mode.equals(Variants.DIRECT)) {
            return statistic == Statistic.MEAN ? Optional.of(Target.GUEST_MEAN) : statistic == Statistic.MAX ? Optional.of(Target.GUEST_MAX) : Optional.empty();
        }
        return scenario.kind().equals(Variants.VIDEO) && statistic == Statistic.P99 ? Optional.of(Target.GUEST_VIDEO) : Optional.empty();
    }
}
