package io.vmrpc.examples;

import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VcpuContext;
import io.vmrpc.guest.VmTimer;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.socket.Sockets;
import io.vmrpc.guest.socket.VmDatagramChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A control loop on a field bus: each period one datagram to a peer and its answer, by a socket of the host. No interrupt of the guest is involved. */
public final class PacketLoop {
    private static final long PERIOD_NS = 10_000_000;
    private static final int CYCLES = 100;

    private PacketLoop() {
    }

    // readme: begin
    static String run(final RealTimeVcpu vcpu, final Sockets sockets, final SocketAddress peer) throws IOException {
        final VmDatagramChannel bus = sockets.openDatagram(StandardProtocolFamily.INET);
        bus.connect(peer); // a socket of the host, as far as the operator's policy lets this guest
        final VmTimer timer = new VmTimer(vcpu).periodic(System.nanoTime() + PERIOD_NS, PERIOD_NS);
        final ByteBuffer packet = ByteBuffer.allocateDirect(64);
        int missed = 0;
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            timer.await(); // the vCPU is parked in the host
            bus.write(packet.clear().putLong(0, cycle).limit(Long.BYTES));
            try {
                bus.receive(packet.clear(), timer.nextNs()); // and again, until the answer is there or the next cycle begins
            } catch (final SocketTimeoutException e) {
                missed++;
            }
        }
        return CYCLES + " cycles, " + missed + " without an answer in time, " + vcpu.parks() + " parks";
    }
    // readme: end

    /**
     * Runs the loop.
     *
     * @param args address and port of a peer that echoes datagrams; after them, in loopback, the region's file.
     * @throws IOException if the policy does not allow the peer, or the host cannot reach it.
     */
    public static void main(final String[] args) throws IOException {
        if (args.length < 2) {
            System.err.println("PacketLoop: give the address and the port of a peer that echoes datagrams");
            System.exit(2);
        }
        final boolean isLoopback = args.length > 2;
        final GuestContext where = isLoopback ? new GuestContext().region(Path.of(args[2])) : new GuestContext();
        final VcpuContext cpu = isLoopback ? new VcpuContext().priority(0).lockMemory(false) : new VcpuContext();
        try (VmrpcGuest guest = VmrpcGuest.connect(where); RealTimeVcpu vcpu = guest.bind(cpu); Sockets sockets = guest.openSockets(vcpu)) {
            System.out.println(run(vcpu, sockets, new InetSocketAddress(args[0], Integer.parseInt(args[1]))));
        }
    }
}
