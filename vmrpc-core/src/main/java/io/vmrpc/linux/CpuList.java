package io.vmrpc.linux;

import java.util.BitSet;
import java.util.StringJoiner;

/** A set of CPUs as the kernel writes it, for example {@code 0-3,8} (cpuset(7), "List format"). Immutable. */
public final class CpuList {
    private static final int MAX_CPU = 8191; // CONFIG_NR_CPUS of the largest x86-64 kernels is 8192
    private final BitSet cpus;

    private CpuList(final BitSet cpus) {
        this.cpus = cpus;
    }

    /**
     * Reads a list. Words that are no CPUs are skipped: the kernel writes {@code (null)} where a feature is off, and {@code isolcpus} mixes in flags.
     *
     * @param text for example {@code 0-3,8}, may be empty.
     * @return the CPUs.
     */
    public static CpuList parse(final String text) {
        final BitSet cpus = new BitSet();
        for (final String word : text.strip().split(",")) {
            if (word.matches("[0-9]{1,4}(-[0-9]{1,4})?")) {
                final String[] ends = word.split("-");
                final int first = Integer.parseInt(ends[0]);
                final int last = Math.min(Integer.parseInt(ends[ends.length - 1]), MAX_CPU);
                if (first <= last) {
                    cpus.set(first, last + 1);
                }
            }
        }
        return new CpuList(cpus);
    }

    /**
     * Reads a list of a user, who must not err.
     *
     * @param text for example {@code 2-3}.
     * @return at least one CPU.
     * @throws IllegalArgumentException that says what is wrong.
     */
    public static CpuList parseStrictly(final String text) {
        final CpuList list = text.matches("[0-9]{1,4}(-[0-9]{1,4})?(,[0-9]{1,4}(-[0-9]{1,4})?)*") ? parse(text) : parse("");
        if (list.isEmpty()) {
            throw new IllegalArgumentException("'" + text + "' is no list of CPUs: give it like 3 or 2-3,6");
        }
        return list;
    }

    /**
     * Membership.
     *
     * @param cpu number of a CPU.
     * @return whether it is in the list.
     */
    public boolean contains(final int cpu) {
        return cpu >= 0 && cpus.get(cpu);
    }

    /**
     * Inclusion.
     *
     * @param other another list.
     * @return whether each of its CPUs is in this one.
     */
    public boolean containsAll(final CpuList other) {
        final BitSet rest = (BitSet)other.cpus.clone();
        rest.andNot(cpus);
        return rest.isEmpty();
    }

    /**
     * What the other list lacks.
     *
     * @param other another list.
     * @return the CPUs of this list that are not in the other.
     */
    public CpuList without(final CpuList other) {
        final BitSet rest = (BitSet)cpus.clone();
        rest.andNot(other.cpus);
        return new CpuList(rest);
    }

    /**
     * The lowest CPU.
     *
     * @return its number, -1 if there is none.
     */
    public int first() {
        return cpus.nextSetBit(0);
    }

    /**
     * Emptiness.
     *
     * @return whether no CPU is in the list.
     */
    public boolean isEmpty() {
        return cpus.isEmpty();
    }

    /**
     * The CPUs.
     *
     * @return their numbers, ascending.
     */
    public java.util.stream.IntStream stream() {
        return cpus.stream();
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof CpuList && cpus.equals(((CpuList)other).cpus);
    }

    @Override
    public int hashCode() {
        return cpus.hashCode();
    }

    /** The list as the kernel writes it. */
    @Override
    public String toString() {
        final StringJoiner list = new StringJoiner(",");
        for (int first = cpus.nextSetBit(0); first >= 0;) {
            final int end = cpus.nextClearBit(first);
            list.add(end == first + 1 ? "" + first : first + "-" + (end - 1));
            first = cpus.nextSetBit(end);
        }
        return list.toString();
    }
}
