package io.vmrpc.bench.report;

import java.util.Locale;

/** Text made safe for HTML and XML, in content and in attributes. */
final class Markup {
    private Markup() {
    }

    /** Escapes what has a meaning in markup; what XML cannot hold at all becomes the replacement character. */
    static String text(final String raw) {
        final StringBuilder safe = new StringBuilder(raw.length() + 16);
        raw.codePoints().forEach(point -> {
            switch (point) {
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '&' -> safe.append("&amp;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.appendCodePoint(isCharacter(point) ? point : 0xFFFD);
            }
        });
        return safe.toString();
    }

    /** Escaped, with the proper signs for micro and times where a figure stands before them. */
    static String typeset(final String words) {
        return text(words.replaceAll("(\\d) us\\b", "$1 µs").replaceAll("(\\d)x(?![\\w])", "$1×"));
    }

    static String capitalized(final String words) {
        return words.isEmpty() ? words : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    /** A coordinate with one decimal. */
    static String xy(final double coordinate) {
        return String.format(Locale.ROOT, "%.1f", coordinate);
    }

    /** The production Char of XML 1.0, without the control characters of C1 that HTML refuses. */
    private static boolean isCharacter(final int point) {
        return point == '\t' || point == '\n' || point == '\r' || point >= 0x20 && point < 0x7F
            || point >= 0xA0 && point <= 0xD7FF || point >= 0xE000 && point <= 0xFFFD
            || point >= 0x10000 && point <= 0x10FFFF && (point & 0xFFFE) != 0xFFFE;
    }
}
