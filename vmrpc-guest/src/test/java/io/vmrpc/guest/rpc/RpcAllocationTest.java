package io.vmrpc.guest.rpc;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.vmrpc.guest.rpc.Everything.Side;
import io.vmrpc.host.rpc.RpcService;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is allocated for a call with primitives, enums or buffers, neither by the guest's thread nor by the host's. */
@Timeout(value = 100, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RpcAllocationTest {
    private static final int WARM_UP = 20_000;
    private static final int RUNS = 10_000;
    @TempDir
    Path folder;
    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private long shard;

    private long allocated() {
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId()) + threads.getThreadAllocatedBytes(shard);
    }

    private void measure(final String what, final Runnable call) {
        for (int i = 0; i < WARM_UP; i++) {
            call.run();
        }
        final long before = allocated();
        for (int i = 0; i < RUNS; i++) {
            call.run();
        }
        final long bytes = allocated() - before;
        System.out.println("RpcAllocationTest: " + what + ": " + bytes + " bytes in " + RUNS + " calls, guest and host together");
        assertTrue(bytes < RUNS, what + " allocated " + bytes); // the bean itself allocates a little
    }

    @Test
    void primitivesEnumsAndBuffers() throws Exception {
        final EverythingService host = new EverythingService();
        try (RpcLoopback loopback = new RpcLoopback(folder, RpcLoopback.LARGE, RpcService.of(EverythingDispatcher.of(host)))) {
            loopback.agent.shard(0).execute(() -> shard = Thread.currentThread().getId());
            final EverythingStub stub = EverythingStub.of(loopback.rpc);
            final Everything hurried = stub.withDeadline(java.time.Duration.ofSeconds(20));
            final DirectBuffer small = new UnsafeBuffer(new byte[200]);
            final DirectBuffer large = new UnsafeBuffer(new byte[1 << 17]);
            measure("nothing", stub::nothing);
            measure("primitives", () -> stub.primitives(true, (byte)1, (short)2, 'c', 4, 5, 6, 7));
            measure("enum", () -> stub.opposite(Side.SELL));
            measure("with deadline", () -> hurried.add(1, 2));
            measure("buffer", () -> stub.sum(small));
            measure("buffer there and back", () -> stub.echo(1, small));
            measure("buffer of four records", () -> stub.sum(large));
            measure("one way", () -> stub.count(1));
        }
    }
}
