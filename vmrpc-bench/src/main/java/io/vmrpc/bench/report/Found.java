package io.vmrpc.bench.report;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Parameters that a run finds rather than is given: two rows that differ in these only are the same measurement. */
public final class Found {
    private static final Set<String> NAMES = Set.of(Variants.HOST_SHARE, Variants.ALLOCATED, Variants.PEER_CPU, Variants.RATE,
        Variants.DRIFT, Variants.DROPPED,
        Variants.WRONG, Variants.SERVED, PeerVariants.CPU_NS, ControlVariants.DISTURBED, ControlVariants.CPU_MODEL, ControlVariants.KERNEL);

    /**
     * What parts of the evaluation find: CPU times by whose they are, garbage collections, shares, how evenly a window was kept, what a
     * probe lost.
     */
    private static final String OF_PARTS = "cpu\\..+|gc\\..+|.+\\.percent|.+\\.skew\\.ns|least|most|cycles|missed|try|sent|late|late\\.after|unseen|pause\\.ns";

    private Found() {
    }

    /** Also by its value: what was given is a word, a whole number or a size, not a decimal fraction. */
    static boolean isFound(final String name, final String value) {
        return NAMES.contains(name) || name.matches(OF_PARTS) || Spread.isParam(name) || value.matches("-?\\d+\\.\\d+");
    }

    /**
     * A row's circumstances that were given.
     *
     * @param row any
     * @return its parameters without those that were found
     */
    public static Map<String, String> given(final Row row) {
        final Map<String, String> given = new TreeMap<>(row.params());
        given.entrySet().removeIf(param -> isFound(param.getKey(), param.getValue()));
        return given;
    }
}
