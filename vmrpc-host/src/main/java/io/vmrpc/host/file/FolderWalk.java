package io.vmrpc.host.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;

/** Counts what stands in a folder. Goes from descriptor to descriptor, so that neither links nor a depth beyond PATH_MAX mislead it. */
final class FolderWalk {
    /** Deeper folders are not entered: each level costs a descriptor. */
    private static final int MAX_DEPTH = 512;
    private final Set<Object> linked = new HashSet<>();
    private long bytes;
    private long files;

    FolderWalk(final Path folder) {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            walk((SecureDirectoryStream<Path>)stream, 0);
        } catch (final IOException e) {
            files = Math.max(files, 0); // a folder that cannot be read holds nothing that this guest could have made
        }
    }

    long bytes() {
        return bytes;
    }

    long files() {
        return files;
    }

    private void walk(final SecureDirectoryStream<Path> stream, final int depth) {
        for (final Path each : stream) {
            try {
                visit(stream, each.getFileName(), depth);
            } catch (final IOException e) {
                continue; // removed meanwhile
            }
        }
    }

    private void visit(final SecureDirectoryStream<Path> stream, final Path name, final int depth) throws IOException {
        final BasicFileAttributes seen = stream.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS).readAttributes();
        if (seen.isDirectory()) {
            files++;
            if (depth < MAX_DEPTH) {
                try (SecureDirectoryStream<Path> inner = stream.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                    walk(inner, depth + 1);
                }
            }
        } else if (linked.add(seen.fileKey())) {
            files++;
            bytes += seen.isRegularFile() ? seen.size() : 0;
        }
    }
}
