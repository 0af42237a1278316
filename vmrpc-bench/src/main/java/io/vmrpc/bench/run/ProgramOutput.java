package io.vmrpc.bench.run;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what the programs print whose independence is measured. */
final class ProgramOutput {
    private static final Pattern SYSBENCH = Pattern.compile("events per second: +([0-9.]+)");
    /** Bogo operations, then seconds by the wall clock. */
    private static final Pattern STRESS = Pattern.compile("\\] cpu +(\\d+) +([0-9.]+) ");
    private static final Pattern SOCKPERF = Pattern.compile("\\[Valid Duration\\] RunTime=([0-9.]+) sec; SentMessages=\\d+; "
        + "ReceivedMessages=(\\d+)");
    private final String text;

    ProgramOutput(final String text) {
        this.text = text;
    }

    /** A whole number of our programs. */
    long number(final String name) throws IOException {
        final Matcher found = find(Pattern.compile("(?:^|\\s)" + name + "=(-?\\d+)"));
        return Long.parseLong(found.group(1));
    }

    /** Of our programs: what was counted, for each second. */
    double rate() throws IOException {
        return number("count") * 1e9 / number("ns");
    }

    /** Of our programs: how long each took, ns. */
    double each() throws IOException {
        if (number("count") == 0) {
            throw new IOException("nothing was done in the window: " + text.strip());
        }
        return (double)number("ns") / number("count");
    }

    double sysbench() throws IOException {
        return Double.parseDouble(find(SYSBENCH).group(1));
    }

    double stress() throws IOException {
        final Matcher found = find(STRESS);
        return Double.parseDouble(found.group(1)) / Double.parseDouble(found.group(2));
    }

    double sockperf() throws IOException {
        final Matcher found = find(SOCKPERF);
        return Double.parseDouble(found.group(2)) / Double.parseDouble(found.group(1));
    }

    private Matcher find(final Pattern pattern) throws IOException {
        final Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("a program that measures printed no " + pattern.pattern() + ": " + text.strip());
        }
        return matcher;
    }
}
