package io.vmrpc.bench.report;

import static io.vmrpc.bench.report.Markup.text;

import java.util.List;

/** What the lines of a percentile plot are, with their main figures. */
final class Legend {
    /** A narrow legend breaks between words only, not within all-fifo. */
    private static final char NO_BREAK_HYPHEN = '\u2011';

    private Legend() {
    }

    static String html(final List<Series> series) {
        final boolean shares = series.stream().anyMatch(one -> !share(one).isEmpty());
        final StringBuilder out = new StringBuilder("<table class=\"legend\"><thead><tr><th scope=\"col\"><span "
            + "class=\"unseen\">Line</span></th><th scope=\"col\">p50</th>"
            + "<th scope=\"col\">p99</th>").append(shares ? "<th scope=\"col\">host CPU</th>" : "").append("</tr></thead><tbody>\n");
        for (final Series one : series) {
            final Figures figures = one.row().figures();
            out.append("<tr>").append(name(one.style(), one.name())).append("<td>").append(Readable.typeset(figures.p50()))
                .append("</td><td>")
                .append(Readable.typeset(figures.p99())).append("</td>").append(shares ? "<td>" + text(share(one)) + "</td>" : "")
                .append("</tr>\n");
        }
        return out.append("</tbody></table>\n").toString();
    }

    /** A row's head: a piece of the line, and its name. */
    static String name(final String style, final String name) {
        return "<th scope=\"row\"><svg class=\"key\" viewBox=\"0 0 34 10\" aria-hidden=\"true\"><line class=\"line " + style
            + "\" x1=\"1\" y1=\"5\" x2=\"33\" y2=\"5\"/></svg>" + text(name.replace('-', NO_BREAK_HYPHEN)) + "</th>";
    }

    private static String share(final Series series) {
        return Readable.share(series.row().param(Variants.HOST_SHARE));
    }
}
