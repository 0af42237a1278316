package io.vmrpc.host.vcpu;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads and writes the small text files of procfs and cgroups. */
final class ProcFiles {
    private ProcFiles() {
    }

    /** The whole file without the end of its last line. */
    static String read(final Path file) throws IOException {
        return Files.readString(file).strip();
    }

    /** The number in a file, or -1 if it holds {@code max} or does not exist. */
    static long number(final Path file) throws IOException {
        final String text = Files.exists(file) ? read(file) : "max";
        return text.equals("max") ? -1 : Long.parseLong(text);
    }

    /** The first word after a name at the beginning of a line. */
    static String field(final Path file, final String name) throws IOException {
        return Files.readString(file).lines().filter(line -> line.startsWith(name)).findFirst()
            .map(line -> line.substring(name.length()).strip().split("\\s+")[0])
            .orElseThrow(() -> new IOException(file + " has no field " + name));
    }

    /** One write(2), as these files want it; no O_CREAT, which would say EACCES where a file is missing. */
    static void write(final Path file, final String text) throws IOException {
        try {
            Files.writeString(file, text, StandardOpenOption.WRITE);
        } catch (final IOException e) {
            throw new IOException("writing " + text + " to " + file + " failed: " + reason(e), e);
        }
    }

    /** Java says for the commonest ones only which file it was. */
    static String reason(final IOException e) {
        return e instanceof AccessDeniedException ? "Permission denied" : e instanceof NoSuchFileException ? "No such file" : e.getMessage();
    }
}
