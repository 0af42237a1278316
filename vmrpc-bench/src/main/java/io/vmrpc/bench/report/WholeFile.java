package io.vmrpc.bench.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a file whole or not at all: whoever reads it meanwhile sees the old text or the new one. */
final class WholeFile {
    private WholeFile() {
    }

    static void write(final Path file, final String text) throws IOException {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            // /dev/stdout or a pipe: replacing it would destroy it.
            Files.write(file, bytes);
            return;
        }
        final Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        final Path fresh = target.resolveSibling(target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        try {
            Files.write(fresh, bytes);
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
