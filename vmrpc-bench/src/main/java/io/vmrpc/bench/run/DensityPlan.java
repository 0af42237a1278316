package io.vmrpc.bench.run;

import java.util.List;

/**
 * How much of many control loops at once is measured. Sizes of a kind ascend; the first at which they break is the last that is measured.
 *
 * @param guests QEMU processes.
 * @param together the one of these that is measured also with all cycles at the same instants.
 * @param sessions loopback sessions.
 * @param threads conventional threads, in C and in Java.
 * @param collecting loopback sessions beside garbage collection.
 * @param onRt loopback sessions on a real-time Linux guest.
 * @param seconds of each measurement.
 * @param warmUpSeconds before each.
 */
public record DensityPlan(List<Integer> guests, int together, List<Integer> sessions, List<Integer> threads, int collecting,
    List<Integer> onRt, double seconds, double warmUpSeconds) {
    /** Done in two minutes. */
    public static final DensityPlan QUICK = new DensityPlan(List.of(1, 40, 80), 40, List.of(50, 200, 400), List.of(40, 400), 50,
        List.of(1, 10), 2, 1);
    /** Done in ten minutes. */
    public static final DensityPlan FULL = new DensityPlan(List.of(1, 5, 10, 20, 40, 60, 80, 120, 160), 40,
        List.of(50, 100, 200, 300, 400, 600, 800, 1200), List.of(1, 40, 100, 200, 400, 800, 1600), 100, List.of(1, 5, 10), 8, 2);
    /** Of every loop: the published control loop's. */
    static final int PERIOD_NS = 10_000_000;

    int cycles() {
        return (int)(seconds * 1e9 / PERIOD_NS);
    }
}
