package io.vmrpc.guest.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.Waiting;
import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import io.vmrpc.host.rpc.RpcService;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One service, served by two shards at once: what a call uses belongs to its session. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ShardsTest {
    private static final int CALLS = 2_000;
    @TempDir
    Path folder;

    @Test
    void guestsOfTwoShardsGetTheirOwnBytes() throws Exception {
        final List<Path> regions = List.of(folder.resolve("a"), folder.resolve("b"));
        final AgentContext context = new AgentContext().shards(2).service(RpcService.of(EverythingDispatcher.of(new EverythingService())));
        regions.forEach(context::region);
        try (Agent agent = Agent.launch(context)) {
            assertEquals(2, agent.shardCount());
            final List<CompletableFuture<Void>> guests = new ArrayList<>();
            for (final Path region : regions) {
                guests.add(CompletableFuture.runAsync(() -> call(region)));
            }
            for (final CompletableFuture<Void> guest : guests) {
                guest.get(50, TimeUnit.SECONDS);
            }
        }
    }

    private static void call(final Path region) {
        try (VmrpcGuest guest = VmrpcGuest.connect(new GuestContext().region(region)); GuestRpc rpc = guest.openRpc(Waiting.sleeping())) {
            final Everything stub = EverythingStub.of(rpc);
            final UnsafeBuffer bytes = new UnsafeBuffer(new byte[64]);
            for (int i = 0; i < CALLS; i++) {
                bytes.setMemory(0, bytes.capacity(), (byte)(i + region.hashCode()));
                final DirectBuffer echoed = stub.echo(i, bytes);
                assertEquals(bytes, new UnsafeBuffer(echoed));
            }
        }
    }
}
