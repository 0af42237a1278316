package io.vmrpc.bench.report;

import io.vmrpc.bench.report.Comparison.Baseline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sockets of the host, for one number of sockets and one load: in a guest against its own over virtio-net in the best of three schedulings, without a VM
 * against plain ones.
 */
final class NetComparisons {
    private static final List<Statistic> SHOWN = List.of(Statistic.MEAN, Statistic.P50, Statistic.P99, Statistic.P999);

    private NetComparisons() {
    }

    static List<Comparison> of(final ScenarioRows measured) {
        final NetProgram program = NetProgram.of(measured.scenario());
        if (program.isMeanOnly()) {
            return List.of(); // a control of ways that are compared elsewhere
        }
        return measured.scenario().vm().equals(Variants.NO_VM) ? withoutVm(measured, program) : inGuest(measured, program);
    }

    private static List<Comparison> inGuest(final ScenarioRows measured, final NetProgram program) {
        final List<Comparison> comparisons = new ArrayList<>();
        final String subject = subject(measured.scenario());
        for (final Statistic statistic : program.isRate() ? List.of(Statistic.MEAN) : SHOWN) {
            comparisons.add(new Comparison(measured.scenario(), subject, program.isRate() ? Baseline.HIGHEST_CONVENTIONAL : Baseline.BEST_CONVENTIONAL,
                statistic, measured.variant(subject), program.isRate() ? measured.highestConventional(statistic) : measured.bestConventional(statistic),
                target(program, statistic), measured.missingHosts()));
        }
        return comparisons;
    }

    private static List<Comparison> withoutVm(final ScenarioRows measured, final NetProgram program) {
        final String subject = subject(measured.scenario());
        final Optional<Row> plain = plain(measured);
        if (program.isCost()) {
            return List.of(new Comparison(measured.scenario(), subject, Baseline.PLAIN_CLIENT, Statistic.MEAN, measured.variant(subject), plain,
                Optional.of(Target.NET_COST), ""));
        }
        return List.of(new Comparison(measured.scenario(), subject, Baseline.PLAIN_AND_HAND_OVERS, Statistic.P50, measured.variant(subject),
            withHandOvers(plain, measured.variant(Variants.LIMIT_FUTEX)),
            Optional.of(Target.NET_ADDED).filter(target -> subject.equals(Variants.VMRPC_UDP)), ""));
    }

    /** Of two medians the sum, which says nothing of any other statistic. */
    private static Optional<Row> withHandOvers(final Optional<Row> plain, final Optional<Row> futex) {
        if (plain.isEmpty() || futex.isEmpty()) {
            return Optional.empty();
        }
        final long sum = plain.get().figures().p50() + futex.get().figures().p50();
        final long count = Math.min(plain.get().figures().count(), futex.get().figures().count());
        return Optional.of(Row.of(Variants.NET, "plain-and-hand-overs", Variants.NO_VM, plain.get().load(), Map.of(),
            new Figures(count, sum, sum, sum, sum, sum, sum)));
    }

    /** The row by a plain socket. */
    static Optional<Row> plain(final ScenarioRows measured) {
        return measured.variant(NetProgram.of(measured.scenario()).by(Variants.HOST_PREFIX));
    }

    /** The variant by sockets of the host. */
    static String subject(final Scenario scenario) {
        return NetProgram.of(scenario).by(Variants.VMRPC_PREFIX);
    }

    private static Optional<Target> target(final NetProgram program, final Statistic statistic) {
        return Optional.ofNullable(switch (program.toString() + ' ' + statistic.label()) {
            case "udp p50" -> Target.NET_UDP_P50;
            case "udp p99.9" -> Target.NET_UDP_P999;
            case "tcp-rr mean" -> Target.NET_TCP_RR;
            case "tcp-bulk mean" -> Target.NET_TCP_BULK;
            case "sockperf-udp p50" -> Target.NET_SOCKPERF_UDP_P50;
            case "sockperf-udp p99.9" -> Target.NET_SOCKPERF_UDP_P999;
            case "sockperf-tcp-rr mean" -> Target.NET_SOCKPERF_TCP_RR;
            default -> null;
        });
    }
}
