package io.vmrpc.filetests;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs on an export and on this machine's disk: with the same results. */
@Timeout(60)
class ProgramsTest {
    @TempDir
    Path scratch;

    @Test
    void aJarIsUnpacked() throws IOException {
        final Path jar = Programs.jarOf(org.junit.Test.class);
        try (ExportLoopback loopback = new ExportLoopback(Files.createDirectory(scratch.resolve("data")))) {
            final String there = Programs.unzip(jar, loopback.root().resolve("unpacked"));
            assertEquals(Programs.unzip(jar, scratch.resolve("local")), there);
            assertEquals(there, Programs.digest(scratch.resolve("data/unpacked")));
        }
    }

    @Test
    void luceneIndexes() throws IOException {
        try (ExportLoopback loopback = new ExportLoopback(Files.createDirectory(scratch.resolve("data")))) {
            assertEquals(Programs.index(scratch.resolve("local")), Programs.index(loopback.root().resolve("index")));
        }
    }
}
