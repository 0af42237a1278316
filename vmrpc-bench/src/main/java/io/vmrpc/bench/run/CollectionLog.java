package io.vmrpc.bench.run;

import io.vmrpc.bench.report.DensityVariants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a JVM writes of its collections (unified logging, tag gc), each line with the time of {@link System#nanoTime()} at its end. */
final class CollectionLog {
    /** For example {@code [1234567890ns] GC(3) Pause Young (Allocation Failure) 8M->3M(23M) 1.845ms}. */
    private static final Pattern PAUSE = Pattern.compile("^\\[(\\d+)ns\\].* Pause .* (\\d+)[.,](\\d{3})ms$");

    private CollectionLog() {
    }

    static String option(final Path file) {
        return "-Xlog:gc:file=" + file + ":timenanos:filecount=0";
    }

    /** Parameters of a row: pauses of the world that ended between two times. */
    static Map<String, String> between(final Path file, final long fromNs, final long untilNs) throws IOException {
        return between(Files.readAllLines(file), fromNs, untilNs);
    }

    static Map<String, String> between(final List<String> lines, final long fromNs, final long untilNs) {
        long count = 0;
        long longest = 0;
        long all = 0;
        for (final String line : lines) {
            final Matcher pause = PAUSE.matcher(line);
            if (pause.matches() && Long.parseLong(pause.group(1)) >= fromNs && Long.parseLong(pause.group(1)) <= untilNs) {
                final long us = Long.parseLong(pause.group(2)) * 1000 + Long.parseLong(pause.group(3));
                count++;
                longest = Math.max(longest, us);
                all += us;
            }
        }
        final Map<String, String> params = new LinkedHashMap<>();
        params.put(DensityVariants.COLLECTIONS, Long.toString(count));
        params.put(DensityVariants.LONGEST_PAUSE, Long.toString(longest));
        params.put(DensityVariants.ALL_PAUSES, Long.toString(all));
        return params;
    }
}
