package io.vmrpc.vm;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
    @Test
    void leftoversGoButLiveRunsStay(@TempDir Path elsewhere) throws IOException {
        Path region = Files.writeString(elsewhere.resolve("region"), "x");
        Path left = Files.createTempDirectory(RunFolder.base(), "vmrpc-run-");
        Files.writeString(left.resolve("runner.lock"), "");
        Files.writeString(left.resolve("remove"), region + "\n");
        try (RunFolder live = RunFolder.create(List.of()); RunFolder next = RunFolder.create(List.of())) {
            assertFalse(Files.exists(left));
            assertFalse(Files.exists(region));
            assertTrue(Files.exists(live.path()), "a run of this process was swept");
            assertTrue(Files.exists(next.path()));
        }
    }

    @Test
    void aFolderThatIsJustBeingCreatedIsLeftAlone() throws IOException {
        Path young = Files.createTempDirectory(RunFolder.base(), "vmrpc-run-");
        try (RunFolder run = RunFolder.create(List.of())) {
            assertTrue(Files.exists(young));
            assertTrue(Files.exists(run.path()));
        } finally {
            RunFolder.removeTree(young);
        }
    }
}
