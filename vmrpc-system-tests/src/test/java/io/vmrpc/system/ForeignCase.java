package io.vmrpc.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A line of {@code native/foreign/cases}.
 *
 * @param name the case's program, below the folder where they are built
 * @param line what {@code run-cases} wants: the name and the arguments
 */
record ForeignCase(String name, Set<Way> ways, String line) {
    static final Path LIST = Path.of("..", "native", "foreign", "cases");

    /** How a case is run; the list explains the words. */
    enum Way { RUN, ALONE, SERVED, QUIET, DIFFERS, SKIP }

    boolean is(Way way) {
        return ways.contains(way);
    }

    boolean isRun() {
        return !is(Way.SKIP);
    }

    static List<ForeignCase> all() throws IOException {
        return Files.readAllLines(LIST).stream().filter(line -> !line.isBlank() && !line.startsWith("#")).map(ForeignCase::parse).toList();
    }

    private static ForeignCase parse(String line) {
        String[] words = line.split(" ", 3);
        Set<Way> ways = EnumSet.noneOf(Way.class);
        Arrays.stream(words[1].split(",")).map(word -> Way.valueOf(word.toUpperCase(Locale.ROOT))).forEach(ways::add);
        boolean hasReason = ways.contains(Way.SKIP) || ways.contains(Way.DIFFERS);
        if (hasReason && words.length < 3) {
            throw new IllegalArgumentException("no reason in the line '" + line + "' of " + LIST);
        }
        return new ForeignCase(words[0], ways, hasReason || words.length < 3 ? words[0] : words[0] + " " + words[2]);
    }
}
