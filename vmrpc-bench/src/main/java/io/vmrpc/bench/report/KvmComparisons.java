package io.vmrpc.bench.report;

import io.vmrpc.bench.report.Comparison.Baseline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Both ways to park under KVM, and the guest's own timer interrupt, against the host's cyclictest; and the parks against the guest's own timer. */
final class KvmComparisons {
    private static final Map<String, Target> TARGETS =
        Map.of(Variants.KVM_FUTEX, Target.KVM_FUTEX_CYCLICTEST, Variants.KVM_HALTED, Target.KVM_HALTED_CYCLICTEST);

    private KvmComparisons() {
    }

    static List<Comparison> of(final ScenarioRows measured, final Depth depth) {
        final List<Comparison> comparisons = new ArrayList<>();
        for (final String subject : Variants.KVM_TIMERS) {
            for (final Statistic statistic : depth.percentiles()) {
                comparisons.add(comparison(measured, subject, Baseline.CYCLICTEST, statistic, Variants.HOST_CYCLICTEST));
                if (TARGETS.containsKey(subject)) {
                    comparisons.add(comparison(measured, subject, Baseline.GUEST_TIMER, statistic, Variants.KVM_GUEST_TIMER));
                }
            }
        }
        return comparisons;
    }

    private static Comparison comparison(final ScenarioRows measured, final String subject, final Baseline baseline, final Statistic statistic,
                                         final String baselineVariant) {
        final boolean judged = baseline == Baseline.CYCLICTEST && statistic == Statistic.P50;
        return new Comparison(measured.scenario(), subject, baseline, statistic, measured.variant(subject), measured.variant(baselineVariant),
            judged ? Optional.ofNullable(TARGETS.get(subject)) : Optional.empty(), "");
    }
}
