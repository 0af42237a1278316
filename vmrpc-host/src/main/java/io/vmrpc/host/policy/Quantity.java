package io.vmrpc.host.policy;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of a policy file: counts and sizes. */
final class Quantity {
    private static final Pattern COUNT = Pattern.compile("[0-9]{1,18}");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,18})([kMG]B|[KMG]iB)?");
    private static final Map<String, Long> UNITS = Map.of("kB", 1_000L, "MB", 1_000_000L, "GB", 1_000_000_000L,
        "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

    private Quantity() {
    }

    /** {@return a whole number without a unit} */
    static long count(final String text, final long from, final long to) {
        if (!COUNT.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' must be a whole number from " + from + " to " + to);
        }
        return inRange(text, Long.parseLong(text), from, to);
    }

    /** {@return bytes} */
    static long size(final String text, final long from, final long to) {
        final Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new IllegalArgumentException("'" + text + "' must be a whole number of bytes, or one of kB, MB, GB, KiB, MiB, GiB, as in 256KiB");
        }
        final long number = Long.parseLong(size.group(1));
        final long unit = size.group(2) == null ? 1 : UNITS.get(size.group(2));
        return inRange(text, number > Long.MAX_VALUE / unit ? Long.MAX_VALUE : number * unit, from, to);
    }

    private static long inRange(final String text, final long value, final long from, final long to) {
        if (value < from || value > to) {
            throw new IllegalArgumentException("'" + text + "' is out of range: give " + from + " to " + to);
        }
        return value;
    }
}
