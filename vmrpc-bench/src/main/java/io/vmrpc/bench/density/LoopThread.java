package io.vmrpc.bench.density;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The thread of one control loop. */
final class LoopThread extends Thread {
    private final int index;
    private final Maker maker;
    private final BlockingQueue<Outcome> outcomes;
    private final BlockingQueue<Schedule> schedules = new LinkedBlockingQueue<>();
    private int number;

    /** Tells that the loop is there, then what each schedule has brought. */
    LoopThread(final int index, final Maker maker, final BlockingQueue<Outcome> outcomes) {
        super(null, null, "loop-" + index, 256 << 10);
        this.index = index;
        this.maker = maker;
        this.outcomes = outcomes;
        setDaemon(true);
    }

    /** On the loop's thread. */
    interface Maker {
        Loop make() throws IOException;
    }

    /** Lateness and time of the answer, cycle by cycle, or why there is none. */
    record Outcome(long[] ns, int length, Throwable failure) {
        Outcome check() throws IOException {
            if (failure != null) {
                throw new IOException("a control loop failed: " + failure, failure);
            }
            return this;
        }

        void addTo(final CycleSamples samples) {
            for (int at = 0; at < length; at += 2) {
                samples.cycle(ns[at], ns[at + 1]);
            }
        }
    }

    void give(final Schedule schedule) {
        schedules.add(schedule);
    }

    @Override
    public void run() {
        try (Loop loop = maker.make()) {
            outcomes.add(new Outcome(new long[0], 0, null));
            while (true) {
                outcomes.add(cycles(loop, schedules.take()));
            }
        } catch (final IOException | InterruptedException | RuntimeException | Error e) {
            outcomes.add(new Outcome(new long[0], 0, e));
        }
    }

    /** The schedule is absolute; periods that a late wake has swallowed have no cycle. */
    private Outcome cycles(final Loop loop, final Schedule schedule) throws IOException {
        final long[] ns = new long[2 * schedule.count()];
        int length = 0;
        long due = schedule.firstNs(index);
        final long end = due + (long)schedule.count() * schedule.periodNs();
        while (due < end) {
            loop.sleepUntil(due);
            final long late = System.nanoTime() - due;
            due += (1 + late / schedule.periodNs()) * schedule.periodNs();
            final long sent = System.nanoTime();
            final boolean isAnswered = loop.exchange(++number, due);
            ns[length++] = late;
            ns[length++] = isAnswered ? System.nanoTime() - sent : 0;
        }
        return new Outcome(ns, length, null);
    }
}
