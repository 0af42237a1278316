package io.vmrpc.bench.report;

import java.util.Locale;

/** Figures of the independence of VMs as people read them: differences of a thousandth matter here. */
final class IndependenceText {
    private IndependenceText() {
    }

    static String value(final String bench, final double value) {
        if (bench.equals(IndependenceVariants.MEMORY)) {
            return value < 1e6 ? String.format(Locale.ROOT, "%.1f us", value / 1e3)
                : value < 1e9 ? String.format(Locale.ROOT, "%.3f ms", value / 1e6) : String.format(Locale.ROOT, "%.3f s", value / 1e9);
        }
        return value < 10_000 ? String.format(Locale.ROOT, "%,.1f", value) : String.format(Locale.ROOT, "%,.0f", value);
    }

    static String percent(final double share) {
        return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, Math.abs(share) < 0.1 ? "%.2f %%" : "%.1f %%", 100 * share);
    }

    static String times(final double factor) {
        return String.format(Locale.ROOT, "%.2f", factor);
    }

    static String vms(final int count) {
        return count == 1 ? "1 VM" : count + " VMs";
    }
}
