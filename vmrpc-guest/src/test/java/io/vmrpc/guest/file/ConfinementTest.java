package io.vmrpc.guest.file;

import static org.junit.jupiter.api.Assertions.*;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vmrpc.host.policy.Export;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a guest cannot reach, and what it cannot use up. */
@Timeout(60)
class ConfinementTest {
    @TempDir
    Path scratch;
    private FileLoopback loopback;

    private void open(final Export... exports) throws IOException {
        loopback = new FileLoopback(scratch, FileLoopback.LARGE, new FilesContext(), exports);
    }

    private void openWritable() throws IOException {
        loopback = new FileLoopback(scratch, FileLoopback.LARGE);
    }

    @AfterEach
    void close() {
        CloseHelper.close(loopback);
    }

    private Export export() throws IOException {
        return Export.readWrite("data", Files.createDirectories(scratch.resolve("data")));
    }

    private static String reason(final org.junit.jupiter.api.function.Executable action) {
        return assertThrows(FileSystemException.class, action).getReason();
    }

    /** A thread of the host exchanges a folder and a link that leads out, all the time. */
    @Test
    void aLinkThatIsSwappedInLeadsNowhere() throws Exception {
        openWritable();
        final Path outside = Files.createDirectory(scratch.resolve("outside"));
        Files.writeString(outside.resolve("file"), "outside");
        final Path real = Files.createDirectory(loopback.folder.resolve("real"));
        Files.writeString(real.resolve("file"), "inside");
        final Path link = Files.createSymbolicLink(loopback.folder.resolve("link"), outside);
        final AtomicBoolean isDone = new AtomicBoolean();
        final Thread swapper = new Thread(() -> {
            while (!isDone.get()) {
                swap(real);
                swap(link);
            }
        });
        swapper.start();
        int inside = 0;
        try {
            for (final long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(2); System.nanoTime() - until < 0 || inside == 0; ) {
                try {
                    assertEquals("inside", Files.readString(loopback.path("current/file")));
                    Files.writeString(loopback.path("current/made"), "x");
                    inside++;
                } catch (final FileSystemException e) {
                    assertTrue(e instanceof NoSuchFileException || e.getReason().contains("leads out") || e.getReason().contains("unavailable"), e::toString);
                }
            }
        } finally {
            isDone.set(true);
            swapper.join();
        }
        assertEquals(1, outside.toFile().list().length, "something was made outside");
    }

    private void swap(final Path other) {
        final Path current = other.resolveSibling("current");
        try {
            Files.move(other, current, StandardCopyOption.ATOMIC_MOVE);
            Files.move(current, other, StandardCopyOption.ATOMIC_MOVE);
        } catch (final IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void pipesAndDevicesAreNotOpened() throws Exception {
        openWritable();
        final Process mkfifo = new ProcessBuilder("mkfifo", loopback.folder.resolve("pipe").toString()).inheritIO().start();
        assertEquals(0, mkfifo.waitFor());
        assertTrue(reason(() -> Files.readString(loopback.path("pipe"))).contains("device, pipe or socket"));
        assertTrue(reason(() -> Files.writeString(loopback.path("pipe"), "x")).contains("device, pipe or socket"));
        final Process mknod = new ProcessBuilder("mknod", loopback.folder.resolve("zero").toString(), "c", "1", "5").redirectErrorStream(true).start();
        assumeTrue(mknod.waitFor() == 0, "device files need root");
        assertTrue(reason(() -> Files.readString(loopback.path("zero"))).contains("device, pipe or socket"));
    }

    @Test
    void theBitsThatGiveRightsAreNeverSet() throws IOException {
        openWritable();
        Files.writeString(loopback.path("program"), "x");
        Files.setPosixFilePermissions(loopback.path("program"), PosixFilePermissions.fromString("rwxr-x---"));
        assertEquals(0100750, (int)Files.getAttribute(loopback.folder.resolve("program"), "unix:mode"));
        assertThrows(UnsupportedOperationException.class, () -> Files.setOwner(loopback.path("program"), new VmFileAttributes.Principal("0")));
    }

    @Test
    void aReadOnlyExportSaysSo() throws IOException {
        open(Export.readOnly("data", Files.createDirectories(scratch.resolve("data"))));
        Files.writeString(loopback.folder.resolve("file"), "x");
        assertEquals("x", Files.readString(loopback.path("file")));
        assertThrows(AccessDeniedException.class, () -> Files.writeString(loopback.path("file"), "y"));
        assertThrows(AccessDeniedException.class, () -> Files.delete(loopback.path("file")));
        assertThrows(AccessDeniedException.class, () -> Files.createDirectory(loopback.path("new")));
        assertFalse(Files.isWritable(loopback.path("file")));
        assertTrue(Files.isReadable(loopback.path("file")));
        assertTrue(Files.getFileStore(loopback.path("file")).isReadOnly());
        assertThrows(NoSuchFileException.class, () -> Files.readString(loopback.files.getPath("/other/file")));
    }

    @Test
    void theQuotaOfBytesHoldsAndComesBack() throws IOException {
        open(export().withQuota(100_000, 10));
        Files.write(loopback.path("a"), new byte[60_000]);
        assertTrue(reason(() -> Files.write(loopback.path("b"), new byte[60_000])).contains("quota"));
        assertTrue(Files.size(loopback.folder.resolve("b")) <= 40_000);
        assertEquals(100_000, Files.getFileStore(loopback.path("a")).getTotalSpace());
        try (FileChannel open = FileChannel.open(loopback.path("a"), StandardOpenOption.READ)) {
            Files.delete(loopback.path("a"));
            assertTrue(reason(() -> Files.write(loopback.path("b"), new byte[90_000])).contains("quota"), "an open file still counts");
            assertEquals(10, open.read(ByteBuffer.allocate(10), 0), "a file that was removed while open");
        }
        Files.write(loopback.path("b"), new byte[90_000]);
        Files.write(loopback.path("b"), new byte[10], StandardOpenOption.WRITE);
        assertEquals(90_000, Files.size(loopback.folder.resolve("b")));
    }

    @Test
    void theQuotaOfFilesHolds() throws IOException {
        open(export().withQuota(Export.UNLIMITED, 3));
        for (int i = 0; i < 3; i++) {
            Files.createFile(loopback.path("f" + i));
        }
        assertTrue(reason(() -> Files.createFile(loopback.path("f3"))).contains("quota"));
        assertTrue(reason(() -> Files.createDirectory(loopback.path("d"))).contains("quota"));
        Files.move(loopback.path("f0"), loopback.path("f1"), StandardCopyOption.REPLACE_EXISTING);
        Files.createDirectory(loopback.path("d"));
    }

    @Test
    void aFullDiskIsToldAndWhatWasAcknowledgedIsThere() throws Exception {
        final Path disk = Files.createDirectories(scratch.resolve("data"));
        final boolean isMounted = new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=1m", "none", disk.toString()).redirectErrorStream(true).start().waitFor() == 0;
        assumeTrue(isMounted, "a small disk needs root");
        try {
            open(export());
            long written = 0;
            final ByteBuffer chunk = ByteBuffer.allocate(100_000);
            try (FileChannel channel = FileChannel.open(loopback.path("large"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                while (written < 10_000_000) {
                    written += channel.write(chunk.clear());
                }
                fail("nothing was said");
            } catch (final FileSystemException e) {
                assertEquals("No space left on device", e.getReason());
            }
            assertTrue(written > 900_000 && Files.size(disk.resolve("large")) >= written, "acknowledged " + written);
        } finally {
            close();
            loopback = null;
            assertEquals(0, new ProcessBuilder("umount", disk.toString()).start().waitFor());
        }
    }
}
