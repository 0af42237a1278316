package io.vmrpc.bench.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as people read them: three digits and a unit. */
final class Readable {
    private Readable() {
    }

    /** For example {@code 45.1 us}. */
    static String nanos(final double nanos) {
        if (nanos < 1_000) {
            return unit(nanos, " ns");
        }
        // 999.6 us would round to 1000 us: the next unit begins half a digit earlier.
        if (nanos < 999_500) {
            return unit(nanos / 1e3, " us");
        }
        return nanos < 999_500_000 ? unit(nanos / 1e6, " ms") : unit(nanos / 1e9, " s");
    }

    /** The unit's proper letter, for text that is not limited to ASCII. */
    static String typeset(final double nanos) {
        return nanos(nanos).replace(" us", " µs");
    }

    /** A ratio in three digits, rounded down when large is good and up when small is good: never in our favour. */
    static String ratio(final double ratio, final boolean largeIsGood) {
        final RoundingMode against = largeIsGood ? RoundingMode.FLOOR : RoundingMode.CEILING;
        return digits(new BigDecimal(ratio), against) + "x";
    }

    /** Three digits, for example {@code 45.1}. */
    static String digits(final double number) {
        return digits(new BigDecimal(number), RoundingMode.HALF_UP);
    }

    /** A share in percent as the parameter holds it, for example {@code 94 %}; the text itself if it is no number. */
    static String share(final String percent) {
        try {
            return percent.isBlank() ? "" : String.format(Locale.ROOT, "%.0f %%", Double.parseDouble(percent));
        } catch (final NumberFormatException e) {
            return percent;
        }
    }

    private static String unit(final double value, final String unit) {
        final BigDecimal number = new BigDecimal(value);
        return (unit.equals(" ns") ? number.setScale(0, RoundingMode.HALF_UP).toPlainString() : digits(number, RoundingMode.HALF_UP)) + unit;
    }

    /** Three digits, zeros included (4.80, not 4.8), so that columns align; thousands are grouped. */
    private static String digits(final BigDecimal number, final RoundingMode rounding) {
        final BigDecimal rounded = number.round(new MathContext(3, rounding));
        if (rounded.compareTo(BigDecimal.valueOf(100)) >= 0) {
            return String.format(Locale.ROOT, "%,d", rounded.toBigInteger());
        }
        final int wholeDigits = Math.max(1, rounded.precision() - rounded.scale());
        return rounded.setScale(3 - wholeDigits, rounding).toPlainString();
    }
}
