package io.vmrpc.bench.report;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The table of contents: a link for each section of the page that has an id and a heading. */
final class Contents {
    private static final Pattern SECTION = Pattern.compile("<section id=\"([a-z0-9]+)\"[^>]*>\\s*(?:<div>)?<h2>(.*?)</h2>");
    /** A shorter page is its own table of contents. */
    private static final int FEWEST = 3;

    private Contents() {
    }

    /** Of what this class's page made: headings are escaped already. */
    static String html(final String sections) {
        final StringBuilder links = new StringBuilder();
        final Matcher section = SECTION.matcher(sections);
        int count = 0;
        while (section.find()) {
            links.append("<li><a href=\"#").append(section.group(1)).append("\">").append(section.group(2)).append("</a></li>\n");
            count++;
        }
        return count < FEWEST ? "" : "<nav aria-label=\"Contents\">\n<ul>\n" + links + "</ul>\n</nav>\n";
    }
}
