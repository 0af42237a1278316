package io.vmrpc.bench.density;

import java.util.Locale;

/**
 * When many control loops run; as a line, what the programs of this package are told.
 *
 * @param loops how many of those that were started.
 * @param startNs host CLOCK_MONOTONIC of the first loop's first cycle, as {@link System#nanoTime()}.
 * @param periodNs from one cycle of a loop to its next.
 * @param count of cycles of each loop.
 * @param isTogether all loops' cycles begin at the same instants; false: they are spread evenly over the period.
 */
public record Schedule(int loops, long startNs, int periodNs, int count, boolean isTogether) {
    /** Checks what it is given. */
    public Schedule {
        if (loops < 1 || periodNs < 1 || count < 1) {
            throw new IllegalArgumentException("loops=" + loops + " periodNs=" + periodNs + " count=" + count +
                ": each must be at least 1");
        }
    }

    /** {@return how far apart the first cycles of two neighbours are, ns} */
    public long phaseNs() {
        return isTogether ? 0 : periodNs / loops;
    }

    /** {@return when the first cycle of a loop begins, of those from 0} */
    public long firstNs(final int loop) {
        return startNs + loop * phaseNs();
    }

    /** {@return cycles of all loops} */
    public long cycles() {
        return (long)loops * count;
    }

    /** {@return how long it lasts, of all loops, ns} */
    public long lengthNs() {
        return (count + 1L) * periodNs;
    }

    /** {@return as one line of text} */
    public String line() {
        return String.format(Locale.ROOT, "go %d %d %d %d %b", loops, startNs, periodNs, count, isTogether);
    }

    /**
     * Reads what {@link #line} wrote.
     *
     * @param line of text
     * @return the schedule
     * @throws IllegalArgumentException if it is something else
     */
    public static Schedule of(final String line) {
        final String[] words = line.split(" ");
        if (words.length != 6 || !words[0].equals("go")) {
            throw new IllegalArgumentException("not a schedule: " + line);
        }
        return new Schedule(Integer.parseInt(words[1]), Long.parseLong(words[2]), Integer.parseInt(words[3]), Integer.parseInt(words[4]),
            Boolean.parseBoolean(words[5]));
    }
}
