package io.vmrpc.netty;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.VcpuContext;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.Waiting;
import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import io.vmrpc.host.policy.Policy;
import io.vmrpc.host.service.Service;
import io.vmrpc.host.socket.SocketService;
import io.vmrpc.layout.Geometry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.agrona.CloseHelper;

/** A guest with event loops, and its agent in this process. */
final class NettyLoopback implements AutoCloseable {
    final VmrpcGuest guest;
    private final Path region;
    private final Supplier<Service> service;
    private final List<EventLoopGroup> groups = new ArrayList<>();
    private Agent agent;

    NettyLoopback(final Path folder) throws IOException {
        this(folder, () -> new SocketService(Policy.allowAll()));
    }

    /** With a service "socket" of the test's own. */
    NettyLoopback(final Path folder, final Supplier<Service> service) throws IOException {
        this.service = service;
        region = folder.resolve("region");
        startAgent();
        guest = VmrpcGuest.connect(new GuestContext().region(region).timeout(Duration.ofSeconds(20)));
    }

    /** How a loop waits. */
    enum Wait { PARK, SLEEP }

    void startAgent() throws IOException {
        agent = Agent.launch(new AgentContext().region(region).geometry(new Geometry(16, 32, 256, 2048)).service(service.get()));
    }

    void stopAgent() {
        agent.close();
    }

    EventLoopGroup group(final int loops, final Wait wait) {
        final EventLoopGroup group = new MultiThreadIoEventLoopGroup(loops, new DefaultThreadFactory("vmrpc-" + wait, true),
            VmrpcIoHandler.newFactory(guest, () -> waiting(wait)));
        groups.add(group);
        return group;
    }

    private Waiting waiting(final Wait wait) {
        return wait == Wait.PARK ? guest.bind(new VcpuContext().priority(0).lockMemory(false)) : Waiting.sleeping();
    }

    static InetSocketAddress local(final int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public void close() {
        groups.forEach(group -> group.shutdownGracefully(0, 10, TimeUnit.SECONDS));
        groups.forEach(group -> group.terminationFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
        CloseHelper.closeAll(guest, agent);
    }
}
