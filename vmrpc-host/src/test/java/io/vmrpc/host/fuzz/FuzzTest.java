package io.vmrpc.host.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The fuzzer for 5 seconds, or for 3 minutes with {@code -Dvmrpc.full=true}. */
class FuzzTest {
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void theHonestGuestIsServed(@TempDir final Path folder) throws Exception {
        final long seconds = Boolean.getBoolean("vmrpc.full") ? 180 : 5;
        assertTrue(new Fuzzer(folder, System.nanoTime()).run(Duration.ofSeconds(seconds)) > 0);
    }
}
