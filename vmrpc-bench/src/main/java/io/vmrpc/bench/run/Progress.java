package io.vmrpc.bench.run;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Says on a terminal, or in a log, what is being measured and how long the rest will take. Where its stream is one of {@link
 * PartsProgress}, it is a part of
 * that whole and also says which, and what is left of the whole. For one thread.
 */
public final class Progress {
    /** Below this much is known of the pace: the expectation stands. */
    private static final double FIRST_SECONDS = 5;
    private final PrintStream out;
    private final double expectedSeconds;
    private double doneSeconds;
    private final LongSupplier clockNs;
    private final long startedNs;

    /**
     * Begins now.
     *
     * @param out is told each step in a line.
     * @param expectedSeconds of all steps.
     */
    public Progress(final PrintStream out, final double expectedSeconds) {
        this(out, expectedSeconds, System::nanoTime);
    }

    Progress(final PrintStream out, final double expectedSeconds, final LongSupplier clockNs) {
        this.out = out;
        this.expectedSeconds = expectedSeconds;
        this.clockNs = clockNs;
        this.startedNs = clockNs.getAsLong();
    }

    /**
     * A step begins; expectations are corrected by what earlier steps took.
     *
     * @param what in a few words.
     * @param seconds that it takes, about.
     */
    public void step(final String what, final double seconds) {
        final double left = left(expectedSeconds, doneSeconds, (clockNs.getAsLong() - startedNs) / 1e9);
        final double share = Math.min(1, doneSeconds / expectedSeconds);
        out.println(out instanceof PartsProgress.Part part ? part.line(share, left, what) : line(share, left, what));
        doneSeconds += seconds;
    }

    /**
     * Something that is no step.
     *
     * @param what in a few words.
     */
    public void note(final String what) {
        out.println("       " + what);
    }

    /** What is left if the rest takes as much longer than expected as what is done did. */
    static double left(final double expected, final double done, final double elapsed) {
        return Math.max(0, expected - done) * (done < FIRST_SECONDS ? 1 : elapsed / done);
    }

    /** For example <code> 41 %   7:12 left  host cyclictest</code>. */
    static String line(final double share, final double left, final String what) {
        return String.format(Locale.ROOT, "%3.0f %%  %2d:%02d left  %s", Math.min(99, 100 * share), (int)left / 60, (int)left % 60, what);
    }
}
