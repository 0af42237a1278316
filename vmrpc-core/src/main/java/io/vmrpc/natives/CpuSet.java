package io.vmrpc.natives;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.StringJoiner;
import java.util.stream.IntStream;

/** An immutable set of CPU numbers, as affinity masks and cgroup files hold it. As text it is a list like {@code 0-2,5}. */
public final class CpuSet {
    /** The most CPUs that Linux on x86-64 can be built for. */
    public static final int LIMIT = 8192;
    private final BitSet cpus;

    private CpuSet(final BitSet cpus) {
        this.cpus = cpus;
    }

    /**
     * One CPU.
     *
     * @param cpu its number, 0 to {@link #LIMIT} - 1.
     * @return the set.
     */
    public static CpuSet of(final int cpu) {
        if (cpu < 0 || cpu >= LIMIT) {
            throw new IllegalArgumentException("cpu=" + cpu + ": give 0 to " + (LIMIT - 1));
        }
        final BitSet cpus = new BitSet();
        cpus.set(cpu);
        return new CpuSet(cpus);
    }

    /**
     * All CPUs there can be; the kernel keeps those that exist.
     *
     * @return the set.
     */
    public static CpuSet all() {
        final BitSet cpus = new BitSet();
        cpus.set(0, LIMIT);
        return new CpuSet(cpus);
    }

    /**
     * Reads the kernel's list format, cpuset(7).
     *
     * @param list for example {@code 0-2,5}; an empty one is the empty set.
     * @return the set.
     * @throws IllegalArgumentException in one sentence.
     */
    public static CpuSet parse(final String list) {
        final BitSet cpus = new BitSet();
        for (final String range : list.isBlank() ? new String[0] : list.strip().split(",", -1)) {
            final String[] ends = range.split("-", -1);
            if (ends.length > 2 || !Arrays.stream(ends).allMatch(end -> end.matches("[0-9]{1,4}"))) {
                throw new IllegalArgumentException("'" + list + "' is no list of CPUs: give numbers and ranges like 0-2,5");
            }
            final int first = Integer.parseInt(ends[0]);
            final int last = Integer.parseInt(ends[ends.length - 1]);
            if (first > last || last >= LIMIT) {
                throw new IllegalArgumentException("'" + range + "' is no range of CPUs: give the lower one first, up to " + (LIMIT - 1));
            }
            cpus.set(first, last + 1);
        }
        return new CpuSet(cpus);
    }

    /**
     * Reads what a kernel's file holds, which may say that a feature is off instead.
     *
     * @param text a list, or for example {@code (null)}.
     * @return the set, empty if the text is no list.
     */
    public static CpuSet parseOrEmpty(final String text) {
        try {
            return parse(text);
        } catch (final IllegalArgumentException e) {
            return new CpuSet(new BitSet());
        }
    }

    /**
     * The CPUs of this machine that are switched on.
     *
     * @return the set.
     * @throws IOException if sysfs cannot be read.
     */
    public static CpuSet online() throws IOException {
        return parse(Files.readString(Path.of("/sys/devices/system/cpu/online")));
    }

    /**
     * Where a thread may run: sched_getaffinity(2).
     *
     * @param tid of the thread, 0 for the calling one.
     * @return the set.
     * @throws IOException if there is no such thread.
     */
    public static CpuSet ofThread(final int tid) throws IOException {
        final byte[] mask = new byte[LIMIT / 8];
        Errno.check(Native.vmrpc_get_affinity(tid, mask, mask.length), "sched_getaffinity(" + tid + ")");
        return new CpuSet(BitSet.valueOf(mask));
    }

    /**
     * Lets a thread run here only: sched_setaffinity(2).
     *
     * @param tid of the thread, 0 for the calling one.
     * @return 0, or a negative errno.
     */
    public int applyTo(final int tid) {
        final byte[] mask = Arrays.copyOf(cpus.toByteArray(), LIMIT / 8);
        return Native.vmrpc_set_affinity(tid, mask, mask.length);
    }

    /**
     * The mask as hexadecimal digits, two for each byte, CPUs 0 to 7 first.
     *
     * @return empty for the empty set.
     */
    public String maskHex() {
        final StringBuilder hex = new StringBuilder();
        for (final byte each : cpus.toByteArray()) {
            hex.append(String.format("%02x", each));
        }
        return hex.toString();
    }

    public boolean isEmpty() {
        return cpus.isEmpty();
    }

    /**
     * Whether a CPU is in the set.
     *
     * @param cpu any number.
     * @return true if so.
     */
    public boolean contains(final int cpu) {
        return cpu >= 0 && cpus.get(cpu);
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
     * The CPUs.
     *
     * @return their numbers, ascending.
     */
    public IntStream stream() {
        return cpus.stream();
    }

    /**
     * The difference of two sets.
     *
     * @param other set.
     * @return the CPUs of this set that are not in the other.
     */
    public CpuSet without(final CpuSet other) {
        final BitSet rest = (BitSet)cpus.clone();
        rest.andNot(other.cpus);
        return new CpuSet(rest);
    }

    /**
     * Whether every CPU of another set is in this one.
     *
     * @param other set.
     * @return true if so.
     */
    public boolean contains(final CpuSet other) {
        return other.without(this).isEmpty();
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof CpuSet && cpus.equals(((CpuSet)other).cpus);
    }

    @Override
    public int hashCode() {
        return cpus.hashCode();
    }

    @Override
    public String toString() {
        final StringJoiner list = new StringJoiner(",");
        for (int first = cpus.nextSetBit(0); first >= 0; ) {
            final int end = cpus.nextClearBit(first);
            list.add(end - 1 == first ? Integer.toString(first) : first + "-" + (end - 1));
            first = cpus.nextSetBit(end);
        }
        return list.toString();
    }
}
