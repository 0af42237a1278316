package io.vmrpc.system.guest;

import io.vmrpc.bench.worker.SockperfEcho;
import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VcpuContext;
import io.vmrpc.guest.VmTimer;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.socket.Sockets;
import io.vmrpc.guest.socket.VmDatagramChannel;
import io.vmrpc.guest.socket.VmServerSocketChannel;
import io.vmrpc.guest.socket.VmSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** {@code net WHAT ADDRESS PORT COUNT}: by sockets of the host, from the real-time vCPU, which parks while it waits. */
final class Network implements Task {
    @Override
    public String run(VmrpcGuest guest, String[] words) throws IOException {
        InetSocketAddress address = new InetSocketAddress(words[2], Integer.parseInt(words[3]));
        int count = Integer.parseInt(words[4]);
        try (RealTimeVcpu vcpu = guest.bind(new VcpuContext()); Sockets sockets = guest.openSockets(vcpu)) {
            String result = switch (words[1]) {
                case "udp" -> udp(sockets, address, count);
                case "timed" -> timed(vcpu, sockets, address, count);
                case "tcp" -> tcp(sockets, address, count);
                case "bulk" -> bulk(sockets, address, count);
                case "serve" -> serve(sockets, address, count);
                case "sockperf-udp" -> sockperf(sockets, false, address);
                case "sockperf-tcp" -> sockperf(sockets, true, address);
                case "refused" -> refused(sockets, address);
                default -> throw new IllegalArgumentException("no network task " + words[1]);
            };
            return result + " parks=" + vcpu.parks();
        }
    }

    private static String udp(Sockets sockets, InetSocketAddress peer, int count) throws IOException {
        VmDatagramChannel channel = sockets.openDatagram(StandardProtocolFamily.INET);
        channel.connect(peer);
        ByteBuffer packet = ByteBuffer.allocateDirect(64);
        long longest = 0;
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            channel.write(packet.clear().putInt(0, i));
            channel.receive(packet.clear(), start + 5_000_000_000L);
            longest = Math.max(longest, System.nanoTime() - start);
            if (packet.position() != 64 || packet.getInt(0) != i) {
                throw new IllegalStateException("packet " + i + " came back as " + packet.getInt(0) + " with bytes " + packet.position());
            }
        }
        return "packets=" + count + " longest=" + longest;
    }

    /** One wait for a timer and for packets: whichever comes first ends it. The peer answers at once, so the timers see silence but for that. */
    private static String timed(RealTimeVcpu vcpu, Sockets sockets, InetSocketAddress peer, int count) throws IOException {
        VmDatagramChannel channel = sockets.openDatagram(StandardProtocolFamily.INET);
        channel.connect(peer);
        channel.configureBlocking(false);
        VmTimer timer = new VmTimer(vcpu).periodic(System.nanoTime() + 5_000_000, 5_000_000);
        ByteBuffer packet = ByteBuffer.allocateDirect(64);
        int packets = 0;
        int early = 0;
        for (int i = 0; i < count; i++) {
            channel.write(packet.clear());
            while (sockets.await(timer.nextNs())) {
                packets += taken(channel, packet);
            }
            early += System.nanoTime() - timer.nextNs() < 0 ? 1 : 0;
            timer.await();
        }
        for (long until = System.nanoTime() + 1_000_000_000L; packets < count && sockets.await(until);) { // answers that came after their cycle
            packets += taken(channel, packet);
        }
        return "packets=" + packets + " early=" + early;
    }

    private static int taken(VmDatagramChannel channel, ByteBuffer packet) throws IOException {
        int packets = 0;
        while (channel.read(packet.clear()) > 0) {
            packets++;
        }
        return packets;
    }

    private static String tcp(Sockets sockets, InetSocketAddress peer, int count) throws IOException {
        ByteBuffer data = ByteBuffer.allocateDirect(1000);
        for (int i = 0; i < count; i++) {
            try (VmSocketChannel channel = sockets.openStream(StandardProtocolFamily.INET)) {
                channel.connect(peer, System.nanoTime() + 5_000_000_000L);
                data.clear().putInt(0, i);
                channel.write(data);
                data.clear();
                while (data.hasRemaining() && channel.read(data) >= 0) {
                    continue;
                }
                if (data.hasRemaining() || data.getInt(0) != i) {
                    throw new IllegalStateException("connection " + i + " brought " + data);
                }
            }
        }
        return "connections=" + count;
    }

    private static String bulk(Sockets sockets, InetSocketAddress sink, int count) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocateDirect(65_536);
        try (VmSocketChannel channel = sockets.openStream(StandardProtocolFamily.INET)) {
            channel.connect(sink);
            for (int i = 0; i < count; i++) {
                channel.write(chunk.clear());
            }
            channel.shutdownOutput();
            ByteBuffer answer = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            while (answer.hasRemaining() && channel.read(answer) >= 0) {
                continue;
            }
            return "bytes=" + answer.getLong(0);
        }
    }

    /** Echoes connections until so many have ended. */
    private static String serve(Sockets sockets, InetSocketAddress local, int count) throws IOException {
        try (VmServerSocketChannel server = sockets.openServer(StandardProtocolFamily.INET)) {
            server.bind(local, 16);
            GuestProgram.say("listening %s", server.localAddress());
            ByteBuffer data = ByteBuffer.allocateDirect(2048);
            long bytes = 0;
            for (int i = 0; i < count; i++) {
                try (VmSocketChannel connection = server.accept()) {
                    for (int length; (length = connection.read(data.clear())) >= 0; bytes += length) {
                        connection.write(data.flip());
                    }
                }
            }
            return "connections=" + count + " bytes=" + bytes;
        }
    }

    /** Serves one client until it has gone. */
    private static String sockperf(Sockets sockets, boolean isTcp, InetSocketAddress local) throws IOException {
        try (SockperfEcho echo = new SockperfEcho(sockets, isTcp, local)) {
            GuestProgram.say("listening %s", local);
            echo.serve();
            return "served=" + echo.served();
        }
    }

    private static String refused(Sockets sockets, InetSocketAddress peer) throws IOException {
        try (VmSocketChannel channel = sockets.openStream(StandardProtocolFamily.INET)) {
            channel.connect(peer);
            return "connected=1";
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return "refusal=" + e.getMessage().replace(' ', '_');
        }
    }
}
