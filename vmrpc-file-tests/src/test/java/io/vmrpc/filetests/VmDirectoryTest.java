package io.vmrpc.filetests;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.AfterClass;
import org.junit.BeforeClass;

/** Lucene's own test of a directory, whole, over an export in loopback. */
public class VmDirectoryTest extends DirectoryCases {
    private static ExportLoopback loopback;

    @BeforeClass
    public static void serve() throws IOException {
        loopback = new ExportLoopback(Path.of(createTempDir().getParent().toString())); // where the cases make their folders; one looks into its own there
        root(loopback.root());
    }

    @AfterClass
    public static void stop() throws IOException {
        loopback.close();
    }
}
