package io.vmrpc.bench.report;

import io.vmrpc.bench.report.Comparison.Baseline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * VMRPC's calls between two processes against others of as many bytes that wait in the same manner at the same place: spinning against spinning, parked against
 * blocking. What is promised holds for typed and for raw calls; a run without typed ones says so.
 */
final class PeerComparisons {
    private static final List<Statistic> SHOWN = List.of(Statistic.P50, Statistic.P99);
    /** The sizes for which gRPC's own work, and not that of copying, decides. */
    private static final List<String> SHORT = List.of("8", "256");
    private static final Map<String, Baseline> OTHERS = new LinkedHashMap<>();

    static {
        OTHERS.put(PeerVariants.AERON_IPC, Baseline.AERON_IPC);
        OTHERS.put(PeerVariants.JDK_UDS, Baseline.JDK_UDS);
        OTHERS.put(PeerVariants.NETTY_UDS, Baseline.NETTY_UDS);
        OTHERS.put(PeerVariants.GRPC_TCP, Baseline.GRPC_TCP);
        OTHERS.put(PeerVariants.GRPC_UDS, Baseline.GRPC_UDS);
    }

    private PeerComparisons() {
    }

    static List<Comparison> of(final ScenarioRows measured) {
        final List<Comparison> comparisons = new ArrayList<>();
        final boolean isSpinning = isSpinning(measured.scenario());
        for (final Statistic statistic : SHOWN) {
            final String raw = isSpinning ? PeerVariants.RAW_SPINNING : PeerVariants.RAW_PARKED;
            final String typed = isSpinning ? PeerVariants.TYPED_SPINNING : PeerVariants.TYPED_PARKED;
            comparisons.add(comparison(measured, typed, raw, Baseline.RAW_CHANNEL, statistic));
            for (final String subject : List.of(typed, raw)) {
                if (subject.equals(raw) || measured.variant(typed).isPresent()) {
                    OTHERS.forEach((variant, baseline) -> {
                        if (isSpinning == PeerVariants.waitOf(variant).equals(PeerVariants.SPINNING)) {
                            comparisons.add(comparison(measured, subject, variant, baseline, statistic));
                        }
                    });
                }
            }
        }
        return comparisons;
    }

    private static Comparison comparison(final ScenarioRows measured, final String subject, final String other, final Baseline baseline,
                                         final Statistic statistic) {
        return new Comparison(measured.scenario(), subject, baseline, statistic, measured.variant(subject), measured.variant(other),
            target(measured.scenario(), baseline, statistic), "");
    }

    private static Optional<Target> target(final Scenario scenario, final Baseline baseline, final Statistic statistic) {
        return statistic != Statistic.P50 ? Optional.empty() : Optional.ofNullable(switch (baseline) {
            case RAW_CHANNEL -> Target.PEERS_TYPED;
            case AERON_IPC -> Target.PEERS_AERON;
            case JDK_UDS -> Target.PEERS_JDK;
            case GRPC_TCP, GRPC_UDS -> SHORT.contains(scenario.payload()) ? Target.PEERS_GRPC : null;
            default -> null;
        });
    }

    static boolean isSpinning(final Scenario scenario) {
        return scenario.program().equals(PeerVariants.SPINNING);
    }

    /** For example "parked on one CPU". */
    static String kindWords(final Scenario scenario) {
        return scenario.kind().replaceFirst("parked", "parked or blocking,").replaceFirst("spinning", "spinning,").replaceFirst("one$", "on one CPU")
            .replaceFirst("two$", "a CPU each").replaceFirst("any$", "on any CPU");
    }
}
