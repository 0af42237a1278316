package io.vmrpc.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.error.ConnectException;
import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.HeaderDescriptor;
import io.vmrpc.region.Region;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a user is told who cannot connect: what is wrong, with which file, and what to do. */
@Timeout(30)
class ConnectTest {
    @TempDir
    Path folder;
    private Path region;

    @BeforeEach
    void create() throws IOException {
        region = folder.resolve("region");
        Region.serve(region, new Geometry(1, 2, 2, 64)).close();
    }

    private void assertFails(final Path path, final String... texts) {
        final ConnectException e = assertThrows(ConnectException.class, () ->
            VmrpcGuest.connect(new GuestContext().region(path).timeout(Duration.ofMillis(50))));
        for (final String text : texts) {
            assertTrue(e.getMessage().contains(text), () -> "expected " + Arrays.toString(texts) + " in: " + e.getMessage());
        }
        assertEquals(1, e.getMessage().lines().count(), "one sentence");
    }

    private void change(final Consumer<Region> edit) throws IOException {
        try (Region edited = Region.serve(region, new Geometry(1, 2, 2, 64))) {
            edit.accept(edited);
        }
    }

    @Test
    void noAgent() {
        assertFails(region, "no agent serves this region", "./vmrpc agent");
        assertFails(region, "no agent serves this region"); // and the failed attempt left no lock behind
    }

    @Test
    void regionMissing() {
        assertFails(folder.resolve("absent"), "absent does not exist", "start the agent first");
    }

    @Test
    void truncatedRegion() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(region.toFile(), "rw")) {
            file.setLength(file.length() - 4096);
        }
        assertFails(region, "truncated", "remove it and start the agent again");
    }

    @Test
    void halfARegion() throws IOException {
        final Path larger = folder.resolve("larger");
        Region.serve(larger, new Geometry(1, 16, 16, 1024)).close();
        try (RandomAccessFile file = new RandomAccessFile(larger.toFile(), "rw")) {
            file.setLength(file.length() / 2);
        }
        assertFails(larger, "file length", "truncated or damaged");
    }

    @Test
    void foreignFile() throws IOException {
        final Path foreign = folder.resolve("foreign");
        Files.write(foreign, new byte[1 << 16]);
        assertFails(foreign, "is not a VMRPC region", "foreign");
        Files.write(foreign, new byte[100]);
        assertFails(foreign, "100 bytes long", "foreign");
    }

    @Test
    void symbolicLink() throws IOException {
        assertFails(Files.createSymbolicLink(folder.resolve("link"), region), "symbolic link", "name the file itself");
    }

    @Test
    void folderInsteadOfFile() throws IOException {
        assertFails(Files.createDirectory(folder.resolve("folder")), "folder");
    }

    @Test
    void otherVersion() throws IOException {
        change(edited -> edited.header().putInt(HeaderDescriptor.VERSION, 2 << 16 | 7));
        assertFails(region, "version 2.7", "speaks 1.0", "same release");
    }

    @Test
    void impossibleGeometry() throws IOException {
        change(edited -> edited.header().putInt(HeaderDescriptor.RING_CAPACITY, 3));
        assertFails(region, "ringCapacity=3", "damaged");
    }

    @Test
    void noDeviceInThisMachine() {
        final ConnectException e = assertThrows(ConnectException.class, () -> VmrpcGuest.connect(new GuestContext().sysfs(folder)));
        assertTrue(e.getMessage().contains("no ivshmem device"), e.getMessage());
    }
}
