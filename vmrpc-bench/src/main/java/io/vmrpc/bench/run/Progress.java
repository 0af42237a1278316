package io.vmrpc.bench.run;

import java.io.PrintStream;
import java.util.Locale;

/** Says on a terminal, or in a log, what is being measured and how long the rest will take. */
final class Progress {
    private final PrintStream out;
    private final double expectedSeconds;
    private double doneSeconds;
    private final long startedNs = System.nanoTime();

    Progress(final PrintStream out, final double expectedSeconds) {
        this.out = out;
        this.expectedSeconds = expectedSeconds;
    }

    /** A step begins that takes about so long; expectations are corrected by what earlier steps took. */
    void step(final String what, final double seconds) {
        final double elapsed = (System.nanoTime() - startedNs) / 1e9;
        final double pace = doneSeconds < 5 ? 1 : elapsed / doneSeconds;
        final double left = Math.max(0, expectedSeconds - doneSeconds) * pace;
        out.printf(Locale.ROOT, "%3.0f %%  %2d:%02d left  %s%n", Math.min(99, 100 * doneSeconds / expectedSeconds), (int)left / 60,
            (int)left % 60, what);
        doneSeconds += seconds;
    }

    /** Something that is no step. */
    void note(final String what) {
        out.println("       " + what);
    }
}
