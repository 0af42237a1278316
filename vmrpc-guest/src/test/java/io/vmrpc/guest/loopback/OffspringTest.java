package io.vmrpc.guest.loopback;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VcpuContext;
import io.vmrpc.guest.loopback.RunningAgent.Place;
import io.vmrpc.natives.CpuSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Threads that the owner of a vCPU starts do not stay where it parks. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OffspringTest {
    @TempDir
    Path folder;

    private static CpuSet cpus() {
        try {
            return CpuSet.ofThread(0);
        } catch (final IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aPoolsThreadRunsWhereItsOwnerCameFrom() throws Exception {
        final CpuSet former = cpus();
        final CpuSet own = CpuSet.of(former.first());
        Assumptions.assumeFalse(former.equals(own), "this machine has one CPU");
        final ExecutorService pool = Executors.newCachedThreadPool();
        final CountDownLatch parked = new CountDownLatch(1);
        try (Loopback loopback = new Loopback(folder, Place.HERE);
             RealTimeVcpu vcpu = loopback.guest.bind(new VcpuContext().cpu(own.first()).priority(0).lockMemory(false))) {
            final CompletableFuture<CpuSet> inherited = new CompletableFuture<>();
            final CompletableFuture<CpuSet> later = new CompletableFuture<>();
            pool.submit(() -> {
                inherited.complete(cpus());
                parked.await();
                return later.complete(cpus());
            });
            assertEquals(own, inherited.get()); // what is to be undone
            vcpu.sleep(1_000_000);
            parked.countDown();
            assertEquals(former, later.get());
            assertEquals(own, cpus());
        } finally {
            parked.countDown();
            pool.shutdown();
        }
        assertEquals(former, cpus());
    }
}
