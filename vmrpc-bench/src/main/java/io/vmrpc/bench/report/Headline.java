package io.vmrpc.bench.report;

import io.vmrpc.bench.report.Comparison.Baseline;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The run's main result in words that need no knowledge of the field. It speaks of the worst case, never of the best. */
final class Headline {
    private Headline() {
    }

    static String of(final Summary summary) {
        final String text = Stream.of(timer(summary), call(summary)).filter(Objects::nonNull).collect(Collectors.joining(" "));
        return text.isEmpty() ? "This run measured nothing that can be compared." : text;
    }

    /** Null if not measured. */
    private static String timer(final Summary summary) {
        return worst(summary, Variants.TIMER, Percentile.P99).map(worst -> {
            final String ours = Readable.typeset(worst.percentile().of(worst.subjectRow().orElseThrow().figures()));
            final String theirs = Readable.typeset(worst.percentile().of(worst.baselineRow().orElseThrow().figures()));
            final boolean loaded = !worst.scenario().load().equals("none");
            return "With VM long polling a guest's timer fires " + times(worst, "closer to its deadline", "further from its deadline")
                + " than with the best conventional setup: within " + ours + " instead of " + theirs + " in 99 of 100 cases"
                + (loaded ? ", under load." : ".");
        }).orElse(null);
    }

    private static String call(final Summary summary) {
        return worst(summary, Variants.RPC, Percentile.P50).map(worst -> {
            final String ours = Readable.typeset(worst.percentile().of(worst.subjectRow().orElseThrow().figures()));
            return "A call from the guest to its host takes " + ours + ", " + times(worst, "faster", "slower") + " than TCP.";
        }).orElse(null);
    }

    private static String times(final Comparison comparison, final String better, final String worse) {
        final double ratio = comparison.ratio().orElseThrow();
        return ratio >= 1 ? comparison.ratioWords().replace("x", " times ") + better
            : Readable.ratio(1 / ratio, false).replace("x", " times ") + worse;
    }

    /** The least flattering ratio against the best conventional way; under the full load if that was measured. */
    private static Optional<Comparison> worst(final Summary summary, final String bench, final Percentile percentile) {
        final List<Comparison> all = summary.comparisons().stream().filter(comparison -> comparison.scenario().bench().equals(bench)
            && comparison.baseline() == Baseline.BEST_CONVENTIONAL && comparison.percentile() == percentile
            && !comparison.subject().equals(Variants.VMRPC_SPINNING) && comparison.ratio().isPresent()).toList();
        final List<Comparison> loaded = all.stream().filter(one -> one.scenario().load().equals(Variants.LOAD_BOTH)).toList();
        return (loaded.isEmpty() ? all : loaded).stream().min(Comparator.comparingDouble(one -> one.ratio().orElseThrow()));
    }
}
