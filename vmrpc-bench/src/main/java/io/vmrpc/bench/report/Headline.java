package io.vmrpc.bench.report;

import io.vmrpc.bench.report.Comparison.Baseline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The run's main result in words that need no knowledge of the field. It speaks of the worst case, never of the best. */
final class Headline {
    private Headline() {
    }

    /** The most important sentence first. */
    static List<String> sentences(final Summary summary) {
        final List<String> sentences = new ArrayList<>();
        worst(summary, Variants.TIMER, Statistic.P99).ifPresent(worst -> {
            final String whose = worst.scenario().load().equals("none") ? "an idle guest's timers " : "a loaded guest's timers ";
            sentences.add("VM long polling wakes " + whose + times(worst, "more punctually", "less punctually")
                + " than the best conventional setup" + (worst.missing().isEmpty() ? "." : ", without " + worst.missing() + ", which this run lacks."));
            sentences.add("99 of 100 timers fire within " + nanos(worst, worst.subjectRow()) + " of their deadline instead of "
                + nanos(worst, worst.baselineRow()) + ".");
            final String ours = share(worst.subjectRow());
            final String theirs = share(worst.baselineRow());
            if (!ours.isEmpty() && !theirs.isEmpty()) {
                sentences.add("Meanwhile an ordinary process on the host keeps " + ours + " of its CPU, against " + theirs + ".");
            }
        });
        guest(summary, Target.GUEST_MEAN, "cyclictest wakes", "late on average").ifPresent(sentences::add);
        guest(summary, Target.GUEST_VIDEO, "video player shows 99 of 100 frames within", "of an even interval").ifPresent(sentences::add);
        kvm(summary).ifPresent(sentences::add);
        worst(summary, Variants.RPC, Statistic.P50).ifPresent(worst -> sentences.add("A call from the guest to its host takes "
            + nanos(worst, worst.subjectRow()) + ", " + times(worst, "faster", "slower") + " than TCP."));
        net(summary).ifPresent(sentences::add);
        added(summary).ifPresent(sentences::add);
        file(summary).ifPresent(sentences::add);
        peers(summary).ifPresent(sentences::add);
        summary.comparisons().stream().filter(one -> one.baseline() == Baseline.FUTEX_LIMIT && one.statistic() == Statistic.P50
            && one.scenario().vm().equals(Variants.NO_VM) && one.ratio().isPresent()).findFirst().ifPresent(one -> sentences.add("A parked call between two "
            + "processes takes " + nanos(one, one.subjectRow()) + "; the same hand-overs in C, without any call, take "
            + nanos(one, one.baselineRow()) + "."));
        if (sentences.isEmpty()) { // each chapter has its own main finding below: one is enough here
            summary.chapters().stream().limit(1).forEach(chapter -> main(chapter, Chapters.rows(chapter, summary.measured())).ifPresent(sentences::add));
        }
        return sentences.isEmpty() ? List.of("This run measured nothing that can be compared.") : sentences;
    }

    /** A chapter's main figure in words, or else what it found first. */
    private static Optional<String> main(final Chapter chapter, final List<Row> rows) {
        return chapter.tile(rows).map(tile -> tile.figure() + " " + tile.words() + ".").or(() -> chapter.findings(rows).stream().findFirst());
    }

    /** What preloading does to a program that knows nothing of it, in the worst case of what a target promises. */
    private static Optional<String> guest(final Summary summary, final Target target, final String deed, final String measure) {
        return summary.targets().stream().filter(result -> result.target() == target).findFirst().flatMap(TargetResult::worst)
            .map(worst -> "With VMRPC preloaded, an unmodified " + deed + " " + nanos(worst, worst.subjectRow()) + " " + measure + " in a loaded guest, instead of "
                + nanos(worst, worst.baselineRow()) + " at the best conventional setup" + (worst.missing().isEmpty() ? "." : ", without " + worst.missing()
                + ", which this run lacks."));
    }

    private static Optional<String> net(final Summary summary) {
        return summary.targets().stream().filter(result -> result.target() == Target.NET_UDP_P50).findFirst().flatMap(TargetResult::worst)
            .map(worst -> "A datagram to another machine and back takes a guest " + nanos(worst, worst.subjectRow()) + " by its host's sockets, "
                + times(worst, "faster", "slower") + " than over virtio-net (" + worst.scenario().title() + ").");
    }

    private static Optional<String> added(final Summary summary) {
        return summary.targets().stream().filter(result -> result.target() == Target.NET_ADDED).findFirst().flatMap(TargetResult::worst)
            .map(worst -> "A datagram to a peer and back takes " + nanos(worst, worst.subjectRow()) + " by the agent's socket; a plain one and two hand-overs between "
                + "processes take " + nanos(worst, worst.baselineRow()) + " together.");
    }

    private static Optional<String> file(final Summary summary) {
        return summary.targets().stream().filter(result -> result.target() == Target.FILE_64K).findFirst().flatMap(TargetResult::worst)
            .map(worst -> "64 KiB of a file of its host cost a guest " + nanos(worst, worst.subjectRow()) + ", "
                + times(worst, "faster", "slower") + " than by 9p (" + worst.scenario().title() + ").");
    }

    private static Optional<String> peers(final Summary summary) {
        return summary.targets().stream().filter(result -> result.target() == Target.PEERS_GRPC).findFirst().flatMap(TargetResult::worst)
            .map(worst -> "A parked call into another process takes " + nanos(worst, worst.subjectRow()) + ", " + times(worst, "faster", "slower")
                + " than " + worst.baseline().words() + " (" + worst.scenario().subject() + ").");
    }

    /** The median of each way to wait, at its worst period. */
    private static Optional<String> kvm(final Summary summary) {
        final String ways = Stream.of(Variants.KVM_FUTEX, Variants.KVM_HALTED).flatMap(variant -> summary.comparisons().stream()
            .filter(one -> one.subject().equals(variant) && one.baseline() == Baseline.CYCLICTEST && one.statistic() == Statistic.P50 && one.ratio().isPresent())
            .max(Comparator.comparingDouble(one -> one.ratio().orElseThrow())).stream())
            .map(one -> nanos(one, one.subjectRow()) + " if it is " + Series.name(one.subjectRow().orElseThrow()) + " (" + one.words()
                + " as long as the host's own cyclictest takes)").collect(Collectors.joining(", and "));
        return ways.isEmpty() ? Optional.empty() : Optional.of("A guest under KVM runs again after its deadline by " + ways + ", at the median.");
    }

    private static String share(final Optional<Row> row) {
        return Readable.share(row.orElseThrow().param(Variants.HOST_SHARE));
    }

    private static String nanos(final Comparison comparison, final Optional<Row> row) {
        return Readable.typeset(comparison.statistic().of(row.orElseThrow().figures()));
    }

    private static String times(final Comparison comparison, final String better, final String worse) {
        final double ratio = comparison.ratio().orElseThrow();
        return ratio >= 1 ? comparison.words().replace("x", " times ") + better
            : Readable.ratio(1 / ratio, false).replace("x", " times ") + worse;
    }

    /** The least flattering ratio against the best conventional way; under the full load if that was measured. */
    private static Optional<Comparison> worst(final Summary summary, final String bench, final Statistic statistic) {
        final List<Comparison> all = summary.comparisons().stream().filter(comparison -> comparison.scenario().bench().equals(bench)
            && comparison.baseline() == Baseline.BEST_CONVENTIONAL && comparison.statistic() == statistic
            && !comparison.subject().equals(Variants.VMRPC_SPINNING) && comparison.ratio().isPresent()).toList();
        final List<Comparison> loaded = all.stream().filter(one -> one.scenario().load().equals(Variants.LOAD_BOTH)).toList();
        return (loaded.isEmpty() ? all : loaded).stream().min(Comparator.comparingDouble(one -> one.ratio().orElseThrow()));
    }
}
