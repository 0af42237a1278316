package io.vmrpc.bench.density;

import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VcpuContext;
import io.vmrpc.guest.VmTimer;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.socket.Sockets;
import io.vmrpc.guest.socket.VmDatagramChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;

/** A session of its own: every wait is a park, the socket is the agent's. */
final class ParkedLoop implements Loop {
    private final VmrpcGuest guest;
    private final RealTimeVcpu vcpu;
    private final Sockets sockets;
    private final VmDatagramChannel bus;
    private final VmTimer timer;
    private final ByteBuffer packet = ByteBuffer.allocateDirect(64);

    /** Woken at its deadline and not before: what a wake takes is not waited out on a CPU that others need. */
    ParkedLoop(final Path region, final InetSocketAddress peer, final int priority, final int cpu) throws IOException {
        guest = VmrpcGuest.connect(new GuestContext().region(region));
        vcpu = guest.bind(new VcpuContext().priority(priority).cpu(cpu).lockMemory(false).advance(Duration.ZERO));
        sockets = guest.openSockets(vcpu);
        bus = sockets.openDatagram(StandardProtocolFamily.INET);
        bus.connect(peer);
        bus.configureBlocking(false);
        timer = new VmTimer(vcpu);
    }

    @Override
    public void sleepUntil(final long ns) {
        timer.once(ns).await();
    }

    @Override
    public boolean exchange(final int number, final long untilNs) throws IOException {
        if (bus.write(packet.clear().putInt(0, number).limit(Integer.BYTES)) == 0) {
            return false;
        }
        do {
            while (bus.read(packet.clear()) > 0) {
                if (packet.getInt(0) == number) {
                    return true;
                }
            }
        } while (sockets.await(untilNs));
        return false;
    }

    @Override
    public void close() throws IOException {
        sockets.close();
        vcpu.close();
        guest.close();
    }
}
