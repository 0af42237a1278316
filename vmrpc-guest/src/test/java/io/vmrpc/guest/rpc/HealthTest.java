package io.vmrpc.guest.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.Waiting;
import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import io.vmrpc.host.rpc.RpcService;
import io.vmrpc.host.rpc.RpcServices;
import io.vmrpc.rpc.Subscription;
import io.vmrpc.rpc.schema.MethodDescriptor;
import io.vmrpc.rpc.services.Health;
import io.vmrpc.rpc.services.Health.Serving;
import io.vmrpc.rpc.services.HealthStub;
import io.vmrpc.rpc.services.Reflection;
import io.vmrpc.rpc.services.ReflectionStub;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Health and reflection, which are typed services themselves. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HealthTest {
    @TempDir
    Path folder;

    @Test
    void healthIsWatchedAndServicesAreListed() throws IOException {
        final Path region = folder.resolve("region");
        final RpcServices services = new RpcServices().add(RpcService.of(EverythingDispatcher.of(new EverythingService()))).withHealth().withReflection();
        try (Agent agent = Agent.launch(services.register(new AgentContext().region(region)));
            VmrpcGuest guest = VmrpcGuest.connect(new GuestContext().region(region));
            GuestRpc rpc = guest.openRpc(Waiting.sleeping())) {
            final Health health = HealthStub.of(rpc);
            assertEquals(Serving.SERVING, health.check(""));
            assertEquals(Serving.SERVICE_UNKNOWN, health.check("everything@2"));
            try (Subscription<Serving> watch = health.watch("everything@1")) {
                assertEquals(Serving.SERVING, watch.next());
                services.health().mark("everything@1", Serving.NOT_SERVING);
                assertEquals(Serving.NOT_SERVING, watch.next());
                assertEquals(Serving.NOT_SERVING, health.check("everything@1"));
                services.health().mark("everything@1", Serving.SERVING);
                assertEquals(Serving.SERVING, watch.next());
            }
            assertThrows(IllegalArgumentException.class, () -> services.health().mark("nothing@1", Serving.SERVING));
            final List<Reflection.ServiceInfo> infos = ReflectionStub.of(rpc).services();
            assertEquals(List.of("everything", "vmrpc.health", "vmrpc.reflection"), infos.stream().map(Reflection.ServiceInfo::name).toList());
            assertEquals(EverythingCodec.SERVICE.methods().stream().map(MethodDescriptor::text).toList(), infos.get(0).methods());
            assertEquals(1, agent.shardCount());
        }
    }
}
