package io.vmrpc.bench.report;

import io.vmrpc.bench.report.Comparison.Baseline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Calls against TCP over virtio-net, and against ping-pong in C, for one load. */
final class RpcComparisons {
    private static final String JUDGED_VM = "tcg";

    private RpcComparisons() {
    }

    static List<Comparison> of(final ScenarioRows measured, final Depth depth) {
        final boolean loopback = measured.scenario().vm().equals(Variants.NO_VM);
        final List<Comparison> comparisons = new ArrayList<>();
        for (final String subject : List.of(Variants.VMRPC_PARKED, Variants.VMRPC_SPINNING)) {
            if (!loopback) { // There is no virtio-net without a VM.
                for (final Statistic statistic : depth.percentiles()) {
                    comparisons.add(comparison(measured, subject, Baseline.BEST_CONVENTIONAL, statistic,
                        measured.bestConventional(statistic)));
                }
            }
            comparisons.add(comparison(measured, subject, Baseline.SPIN_LIMIT, Statistic.P50, measured.variant(Variants.LIMIT_SPIN)));
            comparisons.add(comparison(measured, subject, Baseline.FUTEX_LIMIT, Statistic.P50, measured.variant(Variants.LIMIT_FUTEX)));
        }
        return comparisons;
    }

    private static Comparison comparison(final ScenarioRows measured, final String subject, final Baseline baseline,
                                         final Statistic statistic, final Optional<Row> baselineRow) {
        return new Comparison(measured.scenario(), subject, baseline, statistic, measured.variant(subject), baselineRow,
            target(measured.scenario().vm(), subject, baseline, statistic), "");
    }

    private static Optional<Target> target(final String vm, final String subject, final Baseline baseline, final Statistic statistic) {
        final boolean parked = subject.equals(Variants.VMRPC_PARKED);
        if (vm.equals(JUDGED_VM) && parked && baseline == Baseline.BEST_CONVENTIONAL) {
            return switch (statistic) {
                case P50 -> Optional.of(Target.RPC_P50_TCP);
                case P999 -> Optional.of(Target.RPC_P999_TCP);
                default -> Optional.empty();
            };
        }
        if (vm.equals(Variants.NO_VM) && parked && baseline == Baseline.FUTEX_LIMIT) {
            return Optional.of(Target.LOOPBACK_PARKED);
        }
        return vm.equals(Variants.NO_VM) && !parked && baseline == Baseline.SPIN_LIMIT
            ? Optional.of(Target.LOOPBACK_SPIN) : Optional.empty();
    }
}
