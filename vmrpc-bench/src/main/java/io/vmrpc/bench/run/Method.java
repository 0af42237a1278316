package io.vmrpc.bench.run;

import io.vmrpc.bench.report.ControlVariants;
import io.vmrpc.bench.report.Disturbances;
import io.vmrpc.bench.report.PeerVariants;
import io.vmrpc.bench.report.Row;
import io.vmrpc.bench.report.Variants;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** How a run was measured, for its report: what its benches say, and what holds for all of them. */
final class Method {
    private static final String OMISSION = "Coordinated omission: an expiration that a timer missed while it was late counts, with "
        + "the lateness of the wait that swallowed it, so a stall "
        + "counts as often as it cost an expiration. Calls and exchanges are closed loops, the next one begins when the last has "
        + "ended: their samples are service times, and "
        + "a stall counts once.";
    private static final String SPREAD = "Where rows are measured in turns, the parts' least and largest p50 and p99 are kept with "
        + "the row: what lies between them is chance.";

    private Method() {
    }

    /** A paragraph each. */
    static List<String> of(final List<Row> rows) {
        final Set<String> benches = rows.stream().map(Row::bench).collect(Collectors.toSet());
        final Set<String> paragraphs = new LinkedHashSet<>();
        final boolean hasPeers = benches.contains(PeerVariants.PEERS);
        final boolean hasPrograms = benches.contains(Variants.GUEST);
        if (!hasPeers && !hasPrograms || benches.contains(Variants.TIMER) || benches.contains(Variants.NET)
            || benches.contains(Variants.FILE)) {
            paragraphs.addAll(Machine.METHOD);
        }
        if (hasPrograms) {
            paragraphs.addAll(Machine.GUEST_METHOD);
        }
        if (hasPeers) {
            paragraphs.addAll(PeerRuns.METHOD);
        }
        paragraphs.add(OMISSION);
        if (rows.stream().anyMatch(row -> !row.param("p50.low").isEmpty())) {
            paragraphs.add(SPREAD);
        }
        if (benches.contains(ControlVariants.CONTROL)) {
            paragraphs.add(Disturbances.METHOD);
        }
        return new ArrayList<>(paragraphs);
    }
}
