package io.vmrpc.bench.report;

import java.util.Locale;
import java.util.Set;

/** What a row's numbers are, and which way is good. */
public final class Units {
    /** The unit of a row that names no other one. */
    public static final String NANOSECONDS = "ns";
    /** What is counted, where more of it is better; rates are known by their ending. */
    private static final Set<String> MORE_IS_BETTER = Set.of("guests", "sessions", "VMs", "threads", "times", "% kept");

    private Units() {
    }

    /**
     * A row's unit.
     *
     * @param row any
     * @return for example {@link #NANOSECONDS} or {@code iterations/s}
     */
    public static String of(final Row row) {
        return row.params().getOrDefault(Variants.UNIT, NANOSECONDS);
    }

    /**
     * Whether something happens so often, or so much of it passes.
     *
     * @param unit of a row
     * @return whether it ends with "per second", of time or of CPU time; CPU time per second is a cost and no rate
     */
    public static boolean isRate(final String unit) {
        return unit.matches(".*(/| per )(cpu-|CPU-)?(s|second)") && !unit.startsWith(NANOSECONDS);
    }

    /**
     * Which way is good.
     *
     * @param unit of a row
     * @return whether a larger number is better
     */
    public static boolean isMoreBetter(final String unit) {
        return isRate(unit) || MORE_IS_BETTER.contains(unit);
    }

    /**
     * A figure for people.
     *
     * @param row whose figure it is
     * @param number in its unit
     * @return for example {@code 45.1 us} or {@code 12,300 iterations/s}
     */
    public static String words(final Row row, final double number) {
        final String unit = of(row);
        return switch (unit) {
            case NANOSECONDS -> Readable.nanos(number);
            case Variants.BYTES_PER_SECOND -> Readable.digits(number / 1e6) + " MB/s";
            case Variants.BYTES_PER_CPU_SECOND -> Readable.digits(number / 1e6) + " MB/CPU-s";
            default -> number(number) + " " + unit;
        };
    }

    /** With the unit's proper letters, for text that is not limited to ASCII. */
    static String typeset(final Row row, final double number) {
        return words(row, number).replace(" us", " µs");
    }

    /** Four digits, since what is counted is often counted exactly; whole numbers are not cut. */
    private static String number(final double number) {
        return number == Math.rint(number) || Math.abs(number) >= 1_000 ? String.format(Locale.ROOT, "%,d", Math.round(number))
            : Readable.digits(number);
    }
}
