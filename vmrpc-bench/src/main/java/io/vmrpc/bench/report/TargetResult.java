package io.vmrpc.bench.report;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A target over all scenarios it is promised for: reached only if every one of them reaches it.
 *
 * @param target      the promise
 * @param comparisons one for each scenario, also where {@code inDepth} is false; empty if this run has none of its scenarios
 * @param inDepth     whether a run of this depth judges the target's statistic
 */
public record TargetResult(Target target, List<Comparison> comparisons, boolean inDepth) {

    /** {@return the least flattering comparison that was measured} */
    public Optional<Comparison> worst() {
        final Comparator<Comparison> ascending = Comparator.comparingDouble(comparison -> comparison.measured().orElseThrow());
        return comparisons.stream().filter(comparison -> comparison.measured().isPresent())
            .min(target.bound().largeIsGood() ? ascending : ascending.reversed());
    }

    /** {@return the verdict} */
    public Outcome outcome() {
        if (comparisons.stream().allMatch(comparison -> comparison.outcome() == Outcome.NOT_MEASURED)) {
            return Outcome.NOT_MEASURED;
        }
        if (!inDepth) {
            return Outcome.NOT_JUDGED;
        }
        for (final Outcome spoiler : List.of(Outcome.NOT_REACHED, Outcome.NOT_JUDGED, Outcome.NOT_MEASURED)) {
            if (comparisons.stream().anyMatch(comparison -> comparison.outcome() == spoiler)) {
                return spoiler;
            }
        }
        return Outcome.REACHED;
    }

    /** {@return the worst result and where it was found, or why there is none} */
    public String evidence() {
        if (outcome() == Outcome.NOT_JUDGED && !inDepth) {
            return "needs the full run";
        }
        final String doubt = comparisons.stream().filter(comparison -> comparison.outcome() != Outcome.REACHED)
            .map(Comparison::doubt).filter(text -> !text.isEmpty()).findFirst().map(text -> "; " + text.strip()).orElse("");
        return worst().map(worst -> worst.words() + " (" + where(worst) + ")" + doubt)
            .orElse(doubt.isEmpty() ? "no such rows in this run" : doubt.substring(2));
    }

    private String where(final Comparison worst) {
        // Timers are judged under one load only, and the target's words name it.
        final Scenario scenario = worst.scenario();
        final String place = scenario.bench().equals(Variants.TIMER) ? scenario.subject() : scenario.title();
        return comparisons.size() == 1 ? place : "worst of " + comparisons.size() + ": " + place;
    }
}
