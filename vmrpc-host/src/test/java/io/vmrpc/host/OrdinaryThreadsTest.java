package io.vmrpc.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.host.service.OrdinaryThreads;
import io.vmrpc.natives.CpuSet;
import io.vmrpc.natives.Native;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a shard's thread starts for blocking work does not run on the shard's CPU alone. */
@Timeout(30)
class OrdinaryThreadsTest {
    @Test
    void aPinnedThreadMakesThreadsThatAreNot() throws Exception {
        final CpuSet everywhere = CpuSet.ofThread((int)ProcessHandle.current().pid());
        final CompletableFuture<CpuSet> inherited = new CompletableFuture<>();
        final CompletableFuture<CpuSet> left = new CompletableFuture<>();
        final CompletableFuture<Integer> scheduling = new CompletableFuture<>();
        new Thread(() -> {
            assertEquals(0, CpuSet.of(everywhere.first()).applyTo(0));
            new Thread(() -> inherited.complete(own())).start();
            final Thread ordinary = new OrdinaryThreads("test").newThread(() -> {
                left.complete(own());
                scheduling.complete(Native.vmrpc_get_scheduler(0));
            });
            assertTrue(ordinary.isDaemon());
            ordinary.start();
        }).start();
        assertEquals(CpuSet.of(everywhere.first()), inherited.get(10, TimeUnit.SECONDS), "without the factory: the control");
        assertEquals(everywhere, left.get(10, TimeUnit.SECONDS));
        assertEquals(Native.SCHED_OTHER << 8, scheduling.get(10, TimeUnit.SECONDS));
    }

    private static CpuSet own() {
        try {
            return CpuSet.ofThread(0);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
