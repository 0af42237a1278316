package io.vmrpc.bench.worker;

import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.socket.Sockets;
import io.vmrpc.guest.socket.VmDatagramChannel;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;

/** The peer of a control loop, which echoes datagrams. For one thread. */
abstract class CyclePeer implements AutoCloseable {
    private static final int PAYLOAD = 64;
    private static final int TRIES = 5;
    private static final int PATIENCE_MILLIS = 1_000;
    private static final long PATIENCE_NS = PATIENCE_MILLIS * 1_000_000L;

    /** By a socket of the guest. */
    static CyclePeer own(final String address, final int port) throws IOException {
        return new Own(address, port);
    }

    /** By a socket of the host; the vCPU is parked until the answer is there. */
    static CyclePeer outsourced(final VmrpcGuest guest, final RealTimeVcpu vcpu, final String address, final int port) throws IOException {
        return new Outsourced(guest.openSockets(vcpu), address, port);
    }

    /** Sends a datagram with a number. */
    abstract void send(long number) throws IOException;

    /** Waits for any datagram, and returns its number. */
    abstract long receive(long deadlineNs) throws IOException;

    /** Waits for the answer, a second at most; one that was given up may still come. */
    final boolean isAnswered(final long number, final long sentNs) throws IOException {
        try {
            while (receive(sentNs + PATIENCE_NS) != number) {
                if (System.nanoTime() - sentNs > PATIENCE_NS) {
                    return false;
                }
            }
            return true;
        } catch (final SocketTimeoutException e) {
            return false;
        }
    }

    /** A network that was made a moment ago loses its first packets. */
    final void reach() throws IOException {
        for (long number = -TRIES; number < 0; number++) {
            send(number);
            if (isAnswered(number, System.nanoTime())) {
                return;
            }
        }
        throw new IOException("the peer does not answer");
    }

    @Override
    public abstract void close() throws IOException;

    private static final class Own extends CyclePeer {
        private final DatagramSocket socket = new DatagramSocket();
        private final ByteBuffer request = ByteBuffer.allocate(PAYLOAD);
        private final ByteBuffer answer = ByteBuffer.allocate(PAYLOAD);
        private final DatagramPacket sent = new DatagramPacket(request.array(), PAYLOAD);
        private final DatagramPacket received = new DatagramPacket(answer.array(), PAYLOAD);

        Own(final String address, final int port) throws IOException {
            socket.connect(InetAddress.getByName(address), port);
            socket.setSoTimeout(PATIENCE_MILLIS);
        }

        @Override
        void send(final long number) throws IOException {
            request.putLong(0, number);
            socket.send(sent);
        }

        @Override
        long receive(final long deadlineNs) throws IOException {
            socket.receive(received);
            return answer.getLong(0);
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    private static final class Outsourced extends CyclePeer {
        private final Sockets sockets;
        private final VmDatagramChannel channel;
        private final ByteBuffer packet = ByteBuffer.allocateDirect(PAYLOAD);

        Outsourced(final Sockets sockets, final String address, final int port) throws IOException {
            this.sockets = sockets;
            channel = sockets.openDatagram(StandardProtocolFamily.INET);
            channel.connect(new InetSocketAddress(address, port));
        }

        @Override
        void send(final long number) throws IOException {
            channel.write(packet.clear().putLong(0, number));
        }

        @Override
        long receive(final long deadlineNs) throws IOException {
            channel.receive(packet.clear(), deadlineNs); // one park: whichever comes first, the answer or the deadline, ends it
            return packet.getLong(0);
        }

        @Override
        public void close() {
            sockets.close();
        }
    }
}
