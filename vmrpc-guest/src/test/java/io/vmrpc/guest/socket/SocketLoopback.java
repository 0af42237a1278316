package io.vmrpc.guest.socket;

import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.RealTimeVcpu;
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
import java.util.function.Supplier;
import org.agrona.CloseHelper;

/** A guest with sockets, and its agent in this process. Opened by the thread that uses them. */
final class SocketLoopback implements AutoCloseable {
    /** Small, so that rings fill and datagrams travel in fragments. */
    static final Geometry SMALL = new Geometry(4, 8, 16, 256);
    static final Geometry LARGE = new Geometry(4, 8, 64, 4096);
    final VmrpcGuest guest;
    final Waiting waiting;
    final Sockets sockets;
    private final Path region;
    private final Geometry geometry;
    private final Supplier<Service> service;
    private Agent agent;
    /** The agent's one thread. */
    Thread shard;

    SocketLoopback(final Path folder, final Wait wait) throws IOException {
        this(folder, wait, SMALL, Policy.allowAll(), new SocketsContext());
    }

    SocketLoopback(final Path folder, final Wait wait, final Geometry geometry, final Policy policy, final SocketsContext context)
        throws IOException {
        this(folder, wait, geometry, () -> new SocketService(policy), context);
    }

    /** With a service "socket" of the test's own. */
    SocketLoopback(final Path folder, final Wait wait, final Geometry geometry, final Supplier<Service> service, final SocketsContext context)
        throws IOException {
        this.geometry = geometry;
        this.service = service;
        region = folder.resolve("region");
        startAgent();
        guest = VmrpcGuest.connect(new GuestContext().region(region).timeout(Duration.ofSeconds(20)));
        waiting = waiting(wait);
        sockets = guest.openSockets(waiting, context);
    }

    /** How a thread waits. */
    enum Wait { PARK, SLEEP, SPIN }

    Waiting waiting(final Wait wait) {
        return switch (wait) {
            case PARK -> guest.bind(new VcpuContext().priority(0).lockMemory(false));
            case SLEEP -> Waiting.sleeping();
            case SPIN -> Waiting.spinning();
        };
    }

    void startAgent() throws IOException {
        agent = Agent.launch(new AgentContext().region(region).geometry(geometry).service(service.get())
            .threadFactory(task -> shard = new Thread(task)));
    }

    void stopAgent() {
        agent.close();
    }

    static InetSocketAddress local(final int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    static long in(final Duration time) {
        return System.nanoTime() + time.toNanos();
    }

    @Override
    public void close() {
        CloseHelper.closeAll(sockets, waiting instanceof RealTimeVcpu vcpu ? vcpu : null, guest, agent);
    }
}
