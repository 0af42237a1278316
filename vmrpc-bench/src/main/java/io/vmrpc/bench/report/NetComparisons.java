package io.vmrpc.bench.report;

import io.vmrpc.bench.report.Comparison.Baseline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sockets of the host against the guest's own over virtio-net in the best of three schedulings, for one number of sockets and one load. */
final class NetComparisons {
    private static final List<Statistic> SHOWN = List.of(Statistic.MEAN, Statistic.P50, Statistic.P99, Statistic.P999);

    private NetComparisons() {
    }

    static List<Comparison> of(final ScenarioRows measured) {
        final List<Comparison> comparisons = new ArrayList<>();
        if (measured.scenario().vm().equals(Variants.NO_VM)) {
            return comparisons; // there is no virtio-net without a VM
        }
        final String subject = subject(measured.scenario());
        final boolean isRate = isRate(measured.scenario());
        for (final Statistic statistic : isRate ? List.of(Statistic.MEAN) : SHOWN) {
            comparisons.add(new Comparison(measured.scenario(), subject, isRate ? Baseline.HIGHEST_CONVENTIONAL : Baseline.BEST_CONVENTIONAL, statistic,
                measured.variant(subject), isRate ? measured.highestConventional(statistic) : measured.bestConventional(statistic),
                target(subject, statistic), measured.missingHosts()));
        }
        return comparisons;
    }

    /** The variant by sockets of the host. */
    static String subject(final Scenario scenario) {
        return Variants.VMRPC_PREFIX + scenario.program();
    }

    /** Whether samples are bytes per second. */
    static boolean isRate(final Scenario scenario) {
        return subject(scenario).equals(Variants.VMRPC_TCP_BULK);
    }

    private static Optional<Target> target(final String subject, final Statistic statistic) {
        return Optional.ofNullable(switch (subject) {
            case Variants.VMRPC_UDP -> statistic == Statistic.P50 ? Target.NET_UDP_P50 : statistic == Statistic.P999 ? Target.NET_UDP_P999 : null;
            case Variants.VMRPC_TCP_RR -> statistic == Statistic.MEAN ? Target.NET_TCP_RR : null;
            case Variants.VMRPC_TCP_BULK -> statistic == Statistic.MEAN ? Target.NET_TCP_BULK : null;
            default -> null;
        });
    }
}
