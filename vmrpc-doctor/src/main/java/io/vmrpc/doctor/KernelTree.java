package io.vmrpc.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the kernel shows as files: /proc, /sys and /dev of this machine, or a test's copy of them. Names have no leading slash. */
final class KernelTree {
    static final String ABSENT = "is absent";
    private static final int LIMIT = 1 << 20;

    private final Path root;

    KernelTree(Path root) {
        this.root = root;
    }

    Path path(String name) {
        return root.resolve(name);
    }

    boolean exists(String name) {
        return Files.exists(path(name));
    }

    Reading read(String name) {
        try {
            return new Reading("/" + name, new String(bytes(name), StandardCharsets.UTF_8).strip(), "");
        } catch (NoSuchFileException e) {
            return new Reading("/" + name, null, ABSENT);
        } catch (AccessDeniedException e) {
            return new Reading("/" + name, null, "cannot be read (permission denied)");
        } catch (IOException e) {
            return new Reading("/" + name, null, "cannot be read (" + e.getMessage() + ")");
        }
    }

    /** Reads in one large piece: a sysctl gives its value to the first read only, and the size of these files says nothing. */
    byte[] bytes(String name) throws IOException {
        try (InputStream in = Files.newInputStream(path(name))) {
            return in.readNBytes(LIMIT);
        }
    }

    /** {@return names of what is in a folder, sorted; empty if it is absent or closed} */
    List<String> names(String folder) {
        try (Stream<Path> files = Files.list(path(folder))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
