package io.vmrpc.bench.run;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.IoUtil;

/**
 * A folder in /dev/shm for the regions of a run: after the prefix its name has the number of its process. It goes with the process, at the
 * latest with the next run.
 */
final class ShmFolder implements AutoCloseable {
    private static final Path BASE = Path.of("/dev/shm");
    private final Path path;

    ShmFolder(final String prefix) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(BASE, prefix + "*")) {
            for (final Path folder : folders) { // of runs that were killed
                final String pid = folder.getFileName().toString().substring(prefix.length());
                if (!pid.matches("\\d{1,9}") || ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    IoUtil.delete(folder.toFile(), true);
                }
            }
        }
        path = Files.createDirectory(BASE.resolve(prefix + ProcessHandle.current().pid()));
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        IoUtil.delete(path.toFile(), true);
    }
}
