package io.vmrpc.system.guest;

import io.vmrpc.filetests.Programs;
import io.vmrpc.filetests.SomeDirectoryCases;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.file.VmFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code files WHAT EXPORT}: programs of others on a folder of the host, and on the guest's own disk to compare with. */
final class HostFiles implements Task {
    @Override
    public String run(VmrpcGuest guest, String[] words) throws IOException {
        try (VmFileSystem files = guest.openFiles()) {
            Path export = files.getPath("/" + words[2]);
            return switch (words[1]) {
                case "lucene" -> "passed=" + SomeDirectoryCases.run(export);
                case "index" -> same(Programs.index(local().resolve("index")), Programs.index(export.resolve("index")));
                case "unzip" -> {
                    Path jar = Programs.jarOf(org.junit.Test.class);
                    yield same(Programs.unzip(jar, local().resolve("unpacked")), Programs.unzip(jar, export.resolve("unpacked")));
                }
                default -> throw new IllegalArgumentException("no files task " + words[1]);
            };
        }
    }

    private static Path local() throws IOException {
        return Files.createTempDirectory("local");
    }

    private static String same(String local, String remote) {
        if (!local.equals(remote)) {
            throw new IllegalStateException("on the guest's disk " + local + ", on the export " + remote);
        }
        return "result=" + remote.replace(' ', '_');
    }
}
