package io.vmrpc.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What this process has open, told apart: the JVM itself opens jars when it loads a class. */
final class Descriptors {
    static final String SOCKETS = "socket:";

    private Descriptors() {
    }

    /** How many descriptors name something that begins so, by proc(5). */
    static long of(final String beginning) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(each -> name(each).startsWith(beginning)).count();
        }
    }

    private static String name(final Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (final IOException e) {
            return ""; // closed meanwhile: the one of the listing itself
        }
    }
}
