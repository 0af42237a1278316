package io.vmrpc.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * The coordinates of a percentile plot. Across: the number of nines, -log10(1 - percentile), so that each step is ten times rarer.
 * Up: log10 of nanoseconds.
 */
record PlotScale(double nines, double lowNs, double highNs) {
    static final double WIDTH = 474;
    static final double HEIGHT = 338;
    static final double LEFT = 58;
    static final double RIGHT = 340;
    static final double TOP = 32;
    static final double BOTTOM = 288;
    private static final double[] STEPS = {1, 2, 5};

    /** A tick: where, and what it says. */
    record Tick(double at, String label) {
    }

    /** The smallest round frame around all values. */
    static PlotScale around(final double nines, final double leastNs, final double mostNs) {
        final double low = round(leastNs, false);
        final double high = round(mostNs, true);
        // Flat data still needs a frame with an area.
        return new PlotScale(Math.max(1, nines), low, high > low * 1.5 ? high : low * 10);
    }

    double x(final double atNines) {
        return LEFT + (RIGHT - LEFT) * Math.min(1, atNines / nines);
    }

    /** May lie below the frame: the plot clips. */
    double y(final double ns) {
        final double share = Math.log(Math.max(ns, 1) / lowNs) / Math.log(highNs / lowNs);
        return BOTTOM - (BOTTOM - TOP) * Math.min(1, share);
    }

    /** How often a value is exceeded, as nines: 0.99 is 2. */
    static double ninesOf(final double quantile) {
        return -Math.log10(1 - quantile);
    }

    List<Tick> xTicks() {
        final List<Tick> ticks = new ArrayList<>(List.of(new Tick(x(0), "0"), new Tick(x(ninesOf(0.5)), "50")));
        final String[] labels = {"90", "99", "99.9", "99.99"};
        for (int i = 0; i < labels.length && i + 1 <= nines + 1e-9; i++) {
            ticks.add(new Tick(x(i + 1), labels[i]));
        }
        return ticks;
    }

    /** Decades; with few of them also their halves, so that there are at least three lines to read values from. */
    List<Tick> yTicks() {
        final boolean fine = highNs / lowNs < 99;
        final List<Tick> ticks = new ArrayList<>();
        for (double decade = decade(lowNs); decade <= highNs * 1.001; decade *= 10) {
            for (final double step : fine ? STEPS : new double[] {1}) {
                final double ns = decade * step;
                if (ns >= lowNs * 0.999 && ns <= highNs * 1.001) {
                    ticks.add(new Tick(y(ns), tickLabel(ns)));
                }
            }
        }
        return ticks;
    }

    private static String tickLabel(final double ns) {
        final String[] units = {" ns", " µs", " ms", " s"};
        int unit = 0;
        double value = Math.rint(ns);
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return Math.round(value) + units[unit];
    }

    private static double round(final double ns, final boolean up) {
        final double decade = decade(ns);
        double best = up ? decade * 10 : decade;
        for (final double step : STEPS) {
            final double candidate = decade * step;
            if (up && candidate >= ns) {
                return candidate;
            }
            best = !up && candidate <= ns ? candidate : best;
        }
        return best;
    }

    /** The power of ten at or below; a lateness of less than 1 ns is drawn as 1 ns. */
    private static double decade(final double ns) {
        return Math.pow(10, Math.floor(Math.log10(Math.max(1, ns)) + 1e-9));
    }
}
