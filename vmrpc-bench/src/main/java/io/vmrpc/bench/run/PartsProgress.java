package io.vmrpc.bench.run;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * The progress of a run that consists of others. Each of those gets a stream of this one in place of the terminal's, and whatever {@link
 * Progress} it makes for
 * itself then says what is left of the whole: {@code part 3 of 8   41 %   7:12 left  host cyclictest}. For one thread.
 *
 * <pre>
 *   PartsProgress progress = new PartsProgress(System.err, List.of(new Step("timers", 60), new Step("calls", 30)));
 *   new TimerRuns(progress.begin(), ...).measure();
 *   new CallRuns(progress.begin(), ...).measure();
 *   progress.end();
 * </pre>
 */
public final class PartsProgress {
    private final PrintStream out;
    private final List<Step> steps;
    private final LongSupplier clockNs;
    private final long startedNs;
    private int begun;

    /**
     * One of the runs.
     *
     * @param name for people.
     * @param seconds that it takes, about; more than 0.
     */
    public record Step(String name, double seconds) {
        /** Refuses what would take no time. */
        public Step {
            if (!(seconds > 0)) {
                throw new IllegalArgumentException(name + ": seconds=" + seconds + ", expected more than 0");
            }
        }
    }

    /** A stream of a part; what is printed goes through unchanged. */
    static final class Part extends PrintStream {
        private final PartsProgress whole;
        private final int number;

        private Part(final PartsProgress whole, final int number) {
            super(whole.out, true);
            this.whole = whole;
            this.number = number;
        }

        /** A step of this part, of which that share is done and so much is left. */
        String line(final double share, final double leftOfPart, final String what) {
            return whole.line(number, share, leftOfPart, what);
        }
    }

    /**
     * Begins now.
     *
     * @param out of the terminal.
     * @param steps in the order in which they will run, at least one.
     */
    public PartsProgress(final PrintStream out, final List<Step> steps) {
        this(out, steps, System::nanoTime);
    }

    PartsProgress(final PrintStream out, final List<Step> steps, final LongSupplier clockNs) {
        this.out = out;
        this.steps = List.copyOf(steps);
        this.clockNs = clockNs;
        this.startedNs = clockNs.getAsLong();
    }

    /**
     * What all parts are expected to take.
     *
     * @return seconds.
     */
    public double seconds() {
        return seconds(0, steps.size());
    }

    /**
     * The next part begins.
     *
     * @return where it tells its steps.
     * @throws IllegalStateException if all have begun.
     */
    public PrintStream begin() {
        if (begun == steps.size()) {
            throw new IllegalStateException("all " + begun + " parts have begun: name each in the list of steps");
        }
        begun++;
        final Part part = new Part(this, begun);
        out.println(line(begun, 0, steps.get(begun - 1).seconds(), steps.get(begun - 1).name()));
        return part;
    }

    /** All parts are done, or the run ends without the rest. */
    public void end() {
        final long seconds = Math.round(elapsed());
        out.printf(Locale.ROOT, "%d of %d parts in %d:%02d%n", begun, steps.size(), seconds / 60, seconds % 60);
    }

    /** A part knows best what is left of itself; those to come are expected to take as much longer than planned as all that is done did. */
    private String line(final int number, final double share, final double leftOfPart, final String what) {
        final double done = seconds(0, number - 1) + share * steps.get(number - 1).seconds();
        final double later = seconds(number, steps.size());
        final double left = leftOfPart + Progress.left(done + later, done, elapsed());
        return String.format(Locale.ROOT, "part %d of %d  ", number, steps.size()) + Progress.line(done / seconds(), left, what);
    }

    private double seconds(final int from, final int to) {
        return steps.subList(from, to).stream().mapToDouble(Step::seconds).sum();
    }

    private double elapsed() {
        return (clockNs.getAsLong() - startedNs) / 1e9;
    }
}
