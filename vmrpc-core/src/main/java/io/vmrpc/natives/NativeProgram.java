package io.vmrpc.natives;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Programs and libraries of the vmrpc-native jar as files, since neither exec(2) nor dlopen(3) reads a jar. */
public final class NativeProgram {
    private NativeProgram() {
    }

    /**
     * Copies a file of the jar, executable for its owner.
     *
     * @param name of the file, for example {@code vmrpc-limits}.
     * @param folder where to.
     * @return the copy.
     * @throws IOException if this build holds no such file, or it cannot be written.
     */
    public static Path extract(final String name, final Path folder) throws IOException {
        final Path target = folder.resolve(name);
        try (InputStream in = NativeProgram.class.getResourceAsStream("/linux-x86-64/" + name)) {
            if (in == null) {
                throw new IOException(name + " is missing from this build: run ./vmrpc, which builds it");
            }
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
        return target;
    }
}
