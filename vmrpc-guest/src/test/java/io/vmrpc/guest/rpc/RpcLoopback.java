package io.vmrpc.guest.rpc;

import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VcpuContext;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import io.vmrpc.host.service.Service;
import io.vmrpc.layout.Geometry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A guest with a parked thread, and an agent with typed services. */
final class RpcLoopback implements AutoCloseable {
    /** Small records and rings, so that parts and windows are met. */
    static final Geometry SMALL = new Geometry(4, 8, 16, 256);
    static final Geometry LARGE = new Geometry(4, 8, 64, 32_768);
    final Agent agent;
    final VmrpcGuest guest;
    final RealTimeVcpu vcpu;
    final GuestRpc rpc;

    RpcLoopback(final Path folder, final Geometry geometry, final Service... services) throws IOException {
        final Path region = folder.resolve("region");
        final AgentContext context = new AgentContext().region(region).geometry(geometry);
        for (final Service service : services) {
            context.service(service);
        }
        agent = Agent.launch(context);
        guest = VmrpcGuest.connect(new GuestContext().region(region).timeout(Duration.ofSeconds(20)));
        vcpu = guest.bind(new VcpuContext().priority(0).lockMemory(false));
        rpc = guest.openRpc(vcpu);
    }

    @Override
    public void close() {
        rpc.close();
        vcpu.close();
        guest.close();
        agent.close();
    }
}
