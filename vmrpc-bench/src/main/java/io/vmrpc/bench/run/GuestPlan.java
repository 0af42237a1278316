package io.vmrpc.bench.run;

/**
 * How much of programs in a guest is measured, in each row; what a program needs to warm up comes on top, but in the video.
 *
 * @param turns in so many parts
 * @param loops of a cyclictest thread with a period of 1 ms
 * @param slowLoops of one with 10 ms
 * @param signals of the handler
 * @param frames of the video; they include the warm-up
 */
public record GuestPlan(int turns, int loops, int slowLoops, int signals, int frames) {
    /** Done in four minutes; enough for p99. */
    public static final GuestPlan QUICK = new GuestPlan(1, 800, 120, 120, 140);
    /** Done in twenty minutes. */
    public static final GuestPlan FULL = new GuestPlan(3, 10_000, 2_000, 1_000, 900);
    /** Programs and translated code come into the guest's memory. */
    static final GuestPlan WARM_UP = new GuestPlan(1, 100, 10, 20, 2 * GuestPrograms.WARM_UP);
    /** How many several threads are; each loops so many times less. */
    static final int SEVERAL = 4;
    /** The period of the handler, as in the published test that it repeats. */
    static final long SIGNAL_PERIOD_NS = 10_000_000;

    /** What one of the turns measures. */
    GuestPlan part() {
        return new GuestPlan(1, loops / turns, slowLoops / turns, signals / turns, frames / turns);
    }

    int loops(final int threads, final long periodNs) {
        return (periodNs <= 1_000_000 ? loops : slowLoops) / threads;
    }
}
