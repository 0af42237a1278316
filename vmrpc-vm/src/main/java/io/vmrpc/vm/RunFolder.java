package io.vmrpc.vm;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The private folder of one run: sockets, image, console log. It is guarded by two locks, the runner's and the supervisor's. The
 * supervisor removes the folder at the end; if both were killed at once, neither lock is held any more, and the next run removes it.
 */
final class RunFolder implements AutoCloseable {
    private static final String PREFIX = "vmrpc-run-";
    private static final String RUNNER_LOCK = "runner.lock";
    private static final String SUPERVISOR_LOCK = "qemu.lock";
    private static final String REMOVE_LIST = "remove";

    /** Those of this process: to open and close their lock file would give the lock up (POSIX, fcntl(2)), so a sweep skips them. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lockFile;

    private RunFolder(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /** {@return where run folders are; not java.io.tmpdir, since the path of a Unix socket has at most 107 bytes} */
    static Path base() {
        return Path.of("/tmp");
    }

    /**
     * @param alsoRemove files outside the folder that go with it
     */
    static RunFolder create(List<Path> alsoRemove) throws IOException {
        sweep();
        Path path = Files.createTempDirectory(base(), PREFIX); // mode 0700
        OWN.add(path);
        Path draft = path.resolve("draft.lock");
        FileChannel file = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        file.lock();
        Files.write(path.resolve(REMOVE_LIST), alsoRemove.stream().map(Path::toString).toList());
        // under its own name only now: a sweep that finds the name finds it locked
        Files.move(draft, path.resolve(RUNNER_LOCK));
        return new RunFolder(path, file);
    }

    Path path() {
        return path;
    }

    Path file(String name) {
        return path.resolve(name);
    }

    /** Removes the folder; the supervisor has usually done so already. */
    @Override
    public void close() throws IOException {
        lockFile.close();
        removeTree(path);
        OWN.remove(path);
    }

    /** Removes what runs left behind that were killed together with their supervisor. */
    private static void sweep() throws IOException {
        List<Path> candidates = new ArrayList<>();
        try (Stream<Path> entries = Files.list(base())) {
            entries.filter(entry -> entry.getFileName().toString().startsWith(PREFIX)).forEach(candidates::add);
        }
        for (Path folder : candidates) {
            try {
                if (!OWN.contains(folder) && isOurs(folder) && isFree(folder.resolve(RUNNER_LOCK)) && isFree(folder.resolve(SUPERVISOR_LOCK))) {
                    for (String also : Files.readAllLines(folder.resolve(REMOVE_LIST))) {
                        removeTree(Path.of(also));
                    }
                    removeTree(folder);
                }
            } catch (IOException e) {
                // another run sweeps it at the same time, or it is just being created: leave it to the next run
            }
        }
    }

    /** A folder of that name made by another user must not make us delete what its list names. */
    private static boolean isOurs(Path folder) throws IOException {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && Files.exists(folder.resolve(RUNNER_LOCK))
                && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(Path.of("/proc/self")));
    }

    private static boolean isFree(Path lock) throws IOException {
        if (!Files.exists(lock)) {
            return true; // the run ended before its supervisor began
        }
        try (FileChannel file = FileChannel.open(lock, StandardOpenOption.WRITE); FileLock held = file.tryLock()) {
            return held != null;
        }
    }

    static void removeTree(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // the supervisor was faster
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
