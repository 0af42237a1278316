package io.vmrpc.guest.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What programs do with files most: whole files, folders, names. Every result is compared with what stands on the host. */
@Timeout(60)
class FilesTest {
    @TempDir
    Path scratch;
    private FileLoopback loopback;

    @BeforeEach
    void open() throws IOException {
        loopback = new FileLoopback(scratch, FileLoopback.SMALL);
    }

    @AfterEach
    void close() {
        loopback.close();
    }

    private Path host(final String name) {
        return loopback.folder.resolve(name);
    }

    @Test
    void aFileThatIsWrittenIsOnTheHost() throws IOException {
        Files.writeString(loopback.path("a.txt"), "hello");
        assertEquals("hello", Files.readString(host("a.txt")));
        assertEquals("hello", Files.readString(loopback.path("a.txt")));
        assertEquals(5, Files.size(loopback.path("a.txt")));
    }

    @Test
    void aFileOfManyRecordsIsReadAndWrittenWhole() throws IOException {
        final byte[] bytes = new byte[300_001];
        new Random(1).nextBytes(bytes);
        Files.write(loopback.path("large"), bytes);
        assertArrayEquals(bytes, Files.readAllBytes(host("large")));
        assertArrayEquals(bytes, Files.readAllBytes(loopback.path("large")));
    }

    @Test
    void aFolderIsListedInPages() throws IOException {
        final TreeSet<String> names = new TreeSet<>();
        for (int i = 0; i < 100; i++) {
            Files.createFile(host("entry-with-a-long-name-" + i));
            names.add("entry-with-a-long-name-" + i);
        }
        try (Stream<Path> entries = Files.list(loopback.path(""))) {
            assertEquals(names, entries.map(path -> path.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new)));
        }
    }

    @Test
    void theRootHasTheExports() throws IOException {
        try (Stream<Path> entries = Files.list(loopback.files.getPath("/"))) {
            assertEquals(List.of(loopback.files.getPath("/data")), entries.toList());
        }
        assertTrue(Files.isDirectory(loopback.files.getPath("/")));
        assertTrue(Files.isDirectory(loopback.path("")));
    }

    @Test
    void positionsAppendsAndTruncatesAreThoseOfAFileChannel() throws IOException {
        final Path file = loopback.path("channel");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            assertEquals(6, channel.write(ByteBuffer.wrap("abcdef".getBytes(UTF_8))));
            assertEquals(2, channel.write(ByteBuffer.wrap("XY".getBytes(UTF_8)), 1));
            assertEquals(6, channel.position());
            channel.force(true);
            assertEquals("aXYdef", Files.readString(host("channel")));
            channel.truncate(3);
            assertEquals(3, channel.position());
            final ByteBuffer all = ByteBuffer.allocateDirect(10);
            assertEquals(3, channel.read(all, 0));
            assertEquals(-1, channel.read(all, 3));
        }
        Files.writeString(file, "+", StandardOpenOption.APPEND);
        assertEquals("aXY+", Files.readString(host("channel")));
    }
}
