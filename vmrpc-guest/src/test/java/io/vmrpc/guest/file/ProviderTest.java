package io.vmrpc.guest.file;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The file system as {@code java.nio.file} describes one. */
@Timeout(90)
class ProviderTest {
    @TempDir
    Path scratch;
    private FileLoopback loopback;

    @BeforeEach
    void open() throws IOException {
        loopback = new FileLoopback(scratch, FileLoopback.LARGE);
    }

    @AfterEach
    void close() {
        loopback.close();
    }

    private Path path(final String name) {
        return loopback.path(name);
    }

    private Path host(final String name) {
        return loopback.folder.resolve(name);
    }

    @Test
    void movesAndCopiesFollowTheirOptions() throws IOException {
        Files.writeString(path("a"), "a");
        Files.writeString(path("b"), "b");
        assertThrows(FileAlreadyExistsException.class, () -> Files.move(path("a"), path("b")));
        assertThrows(FileAlreadyExistsException.class, () -> Files.copy(path("a"), path("b")));
        Files.copy(path("a"), path("b"), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        assertEquals("a", Files.readString(host("b")));
        assertEquals(Files.getLastModifiedTime(host("a")), Files.getLastModifiedTime(host("b")));
        Files.move(path("a"), path("c"), StandardCopyOption.ATOMIC_MOVE);
        assertFalse(Files.exists(path("a")));
        Files.createDirectories(path("d/e"));
        assertThrows(DirectoryNotEmptyException.class, () -> Files.delete(path("d")));
        assertThrows(DirectoryNotEmptyException.class, () -> Files.move(path("c"), path("d"), StandardCopyOption.REPLACE_EXISTING));
        Files.move(path("c"), path("d/e"), StandardCopyOption.REPLACE_EXISTING);
        assertEquals("a", Files.readString(host("d/e")));
        assertThrows(NoSuchFileException.class, () -> Files.delete(path("none")));
        assertThrows(NotDirectoryException.class, () -> Files.newDirectoryStream(path("b")));
        assertThrows(NotDirectoryException.class, () -> Files.readString(path("b/below")));
    }

    @Test
    void filesGoToOtherFileSystemsAndBack() throws IOException {
        final byte[] bytes = new byte[100_000];
        new java.util.Random(2).nextBytes(bytes);
        final Path local = Files.write(scratch.resolve("local"), bytes);
        Files.copy(local, path("there"));
        Files.move(path("there"), scratch.resolve("back"));
        assertArrayEquals(bytes, Files.readAllBytes(scratch.resolve("back")));
        assertFalse(Files.exists(path("there")));
        try (FileChannel from = FileChannel.open(local); FileChannel to = FileChannel.open(path("sent"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertEquals(bytes.length, to.transferFrom(from, 0, Long.MAX_VALUE));
        }
        assertEquals(-1, Files.mismatch(local, path("sent")));
    }

    @Test
    void linksStayWithinTheExport() throws IOException {
        Files.writeString(path("file"), "x");
        Files.createDirectory(path("folder"));
        Files.createSymbolicLink(path("folder/link"), path("file"));
        assertEquals(Path.of("../file"), Files.readSymbolicLink(host("folder/link")));
        assertEquals("x", Files.readString(path("folder/link")));
        assertEquals(path("file"), path("folder/link").toRealPath());
        assertTrue(Files.isSameFile(path("folder/link"), path("file")));
        assertTrue(Files.isSymbolicLink(path("folder/link")));
        Files.createLink(path("hard"), path("file"));
        assertTrue(Files.isSameFile(path("hard"), path("file")));
        Files.delete(path("folder/link"));
        assertTrue(Files.exists(path("file")));
    }

    @Test
    void attributesAreThoseOfTheHost() throws IOException {
        Files.writeString(path("file"), "12345");
        final FileTime time = FileTime.from(1_000_000_001, TimeUnit.MILLISECONDS);
        Files.setLastModifiedTime(path("file"), time);
        assertEquals(time, Files.getLastModifiedTime(host("file")));
        final BasicFileAttributes here = Files.readAttributes(path("file"), BasicFileAttributes.class);
        final BasicFileAttributes there = Files.readAttributes(host("file"), BasicFileAttributes.class);
        assertEquals(there.size(), here.size());
        assertEquals(there.lastModifiedTime(), here.lastModifiedTime());
        assertEquals(there.isRegularFile(), here.isRegularFile());
        assertEquals(5L, Files.getAttribute(path("file"), "size"));
        assertEquals(Files.getPosixFilePermissions(host("file")), Files.getPosixFilePermissions(path("file")));
        assertThrows(IllegalArgumentException.class, () -> Files.getAttribute(path("file"), "nothing"));
    }

    @Test
    void namesAreKeptByteByByte() throws IOException, InterruptedException {
        final Set<String> names = new HashSet<>();
        for (final String each : List.of("\u00e9", "e\u0301", "\ud83d\ude00", "a b", "%41", "-", "~", "\n", "x".repeat(255))) { // composed and not are two names
            Files.writeString(path("").resolve(each), each);
            names.add(each);
            assertEquals(path("").resolve(each), Path.of(path("").resolve(each).toUri()));
        }
        final Process made = new ProcessBuilder("bash", "-c", "printf x > \"$0/\"$'bad\\xff'", loopback.folder.toString()).inheritIO().start();
        assertEquals(0, made.waitFor());
        names.add("bad\udcff");
        final Set<String> seen = new HashSet<>();
        try (Stream<Path> entries = Files.list(path(""))) {
            entries.forEach(each -> seen.add(each.getFileName().toString()));
        }
        assertEquals(names, seen);
        assertEquals("x", Files.readString(path("").resolve("bad\udcff")));
        Files.delete(path("").resolve("bad\udcff"));
        assertThrows(InvalidPathException.class, () -> path("a\0b"));
        assertThrows(InvalidPathException.class, () -> path("a\ud800b"));
        assertTrue(assertThrows(FileSystemException.class, () -> Files.createFile(path("x".repeat(256)))).getReason().contains("name too long"));
        assertTrue(assertThrows(FileSystemException.class, () -> Files.createFile(path("x/".repeat(5000)))).getReason().contains("name too long"));
    }

    @Test
    void locksExcludeOthers() throws Exception {
        try (FileChannel one = FileChannel.open(path("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            final FileLock lock = one.lock();
            assertTrue(lock.isValid());
            assertThrows(OverlappingFileLockException.class, one::tryLock);
            try (FileChannel other = FileChannel.open(path("lock"), StandardOpenOption.WRITE)) {
                assertThrows(OverlappingFileLockException.class, other::tryLock);
            }
            final Process stranger = locker("-n");
            assertEquals(1, stranger.waitFor(), "a program of the host got the lock");
            lock.release();
            assertEquals(0, locker("-n").waitFor());
        }
    }

    /** OFD locks and POSIX locks meet; flock(1) takes another kind, so Python asks. */
    private Process locker(final String how) throws IOException {
        return new ProcessBuilder("python3", "-c", "import fcntl,sys\ntry:\n fcntl.lockf(open(sys.argv[1],'r+'), fcntl.LOCK_EX|fcntl.LOCK_NB)\n" +
            "except OSError: sys.exit(1)", host("lock").toString(), how).inheritIO().start();
    }

    @Test
    void aLockIsAwaited() throws Exception {
        Files.createFile(path("lock"));
        final Process holder = new ProcessBuilder("python3", "-c", "import fcntl,sys\nf=open(sys.argv[1],'r+')\nfcntl.lockf(f, fcntl.LOCK_EX)\n" +
            "print('locked', flush=True)\nsys.stdin.read()", host("lock").toString()).start();
        assertEquals("locked", holder.inputReader().readLine());
        try (FileChannel channel = FileChannel.open(path("lock"), StandardOpenOption.WRITE)) {
            assertNull(channel.tryLock());
            final CompletableFuture<FileLock> awaited = CompletableFuture.supplyAsync(() -> {
                try {
                    return channel.lock();
                } catch (final IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            Thread.sleep(200);
            assertFalse(awaited.isDone());
            holder.getOutputStream().close();
            assertTrue(awaited.get(20, TimeUnit.SECONDS).isValid());
        }
    }

    @Test
    void foldersAreWatched() throws Exception {
        try (WatchService watcher = loopback.files.newWatchService()) {
            final WatchKey key = path("").register(watcher, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE);
            assertNull(watcher.poll());
            Files.createFile(host("made"));
            assertSame(key, watcher.poll(20, TimeUnit.SECONDS));
            assertEquals(loopback.files.getPath("made"), key.pollEvents().get(0).context());
            assertTrue(key.reset());
            Files.delete(host("made"));
            assertSame(key, watcher.poll(20, TimeUnit.SECONDS));
            assertEquals(StandardWatchEventKinds.ENTRY_DELETE, key.pollEvents().get(0).kind());
            key.cancel();
            assertFalse(key.isValid());
        }
    }

    @Test
    void aChannelIsClosedWithWhatBelongsToIt() throws IOException {
        final FileChannel channel = FileChannel.open(path("x"), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        assertThrows(NonReadableChannelException.class, () -> channel.read(ByteBuffer.allocate(1)));
        assertThrows(UnsupportedOperationException.class, () -> channel.map(FileChannel.MapMode.READ_ONLY, 0, 1));
        channel.close();
        assertThrows(ClosedChannelException.class, () -> channel.write(ByteBuffer.allocate(1)));
        assertFalse(Files.exists(host("x")));
    }

    @Test
    void theLossOfTheAgentIsAnIoException() throws IOException {
        Files.writeString(path("file"), "x");
        final FileChannel channel = FileChannel.open(path("file"));
        loopback.stopAgent();
        assertThrows(IOException.class, () -> channel.read(ByteBuffer.allocate(1)));
        assertThrows(IOException.class, () -> Files.readString(path("file")));
        loopback.startAgent();
        loopback.guest.reconnect(Duration.ofSeconds(20));
        assertEquals("x", Files.readString(path("file")));
        final IOException lost = assertThrows(IOException.class, () -> channel.read(ByteBuffer.allocate(1)));
        assertTrue(lost.getMessage().contains("open it again"), lost.getMessage());
        channel.close();
    }

    @Test
    void urisMeanTheOpenFileSystem() throws IOException {
        final Path file = Path.of(URI.create("vmrpc:/data/a%20b"));
        assertEquals(path("a b"), file);
        assertEquals(URI.create("vmrpc:/data/a%20b"), file.toUri());
        loopback.files.close();
        assertThrows(ClosedFileSystemException.class, () -> Files.createFile(file));
    }

    @Test
    void manyThreadsUseOneFileSystem() {
        final List<CompletableFuture<Void>> all = Stream.iterate(0, i -> i < 16, i -> i + 1).map(i -> CompletableFuture.runAsync(() -> {
            try {
                for (int round = 0; round < 30; round++) {
                    Files.writeString(path("t" + i), "thread " + i + " round " + round);
                    assertEquals("thread " + i + " round " + round, Files.readString(path("t" + i)));
                }
            } catch (final IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }, task -> new Thread(task).start())).toList();
        all.forEach(CompletableFuture::join);
    }
}
