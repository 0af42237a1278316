package io.vmrpc.vm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Programs and libraries of the vmrpc-native jar, copied into a run's folder since neither exec nor dlopen read a jar. */
final class NativeFiles {
    static final String SUPERVISOR = "vmrpc-supervise";
    static final String TCG_SHIM = "libvmrpc-qemu-tcg.so";

    private NativeFiles() {}

    /**
     * @return an executable copy in the folder
     * @throws VmException if the build holds no such file
     */
    static Path extract(String name, RunFolder folder) throws IOException {
        Path target = folder.file(name);
        if (Files.exists(target)) {
            return target;
        }
        try (InputStream in = NativeFiles.class.getResourceAsStream("/linux-x86-64/" + name)) {
            if (in == null) {
                throw new VmException(name + " is missing from this build: run mvn package");
            }
            Files.copy(in, target);
        }
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
        return target;
    }
}
