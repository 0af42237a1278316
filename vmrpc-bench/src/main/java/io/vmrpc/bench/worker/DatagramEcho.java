package io.vmrpc.bench.worker;

import io.vmrpc.bench.report.ProbeVariants;
import io.vmrpc.guest.socket.Sockets;
import io.vmrpc.guest.socket.VmDatagramChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/**
 * Sends each datagram back, by a socket of the host or by one of the guest's own: the same loop on the same thread. Ends after one whose byte 24 is 1: native/probe/packet.h.
 */
final class DatagramEcho implements NetServer {
    private static final int KIND = 24;
    private static final byte ENDS = 1;
    private final Datagrams datagrams;
    private final ByteBuffer message = ByteBuffer.allocateDirect(65_536);
    private long served;

    /** A socket that is bound. */
    private interface Datagrams extends AutoCloseable {
        SocketAddress receive(ByteBuffer to) throws IOException;

        void send(ByteBuffer from, SocketAddress to) throws IOException;

        @Override
        void close() throws IOException;
    }

    DatagramEcho(final Sockets sockets, final Job job) throws IOException {
        final InetSocketAddress local = new InetSocketAddress(job.address(), job.port());
        datagrams = job.variant().equals(ProbeVariants.VIRTIO_NET_GUEST) ? new Own(local) : new Outsourced(sockets, local);
    }

    @Override
    public void serve() throws IOException {
        for (boolean isOver = false; !isOver; served++) {
            final SocketAddress client = datagrams.receive(message.clear());
            isOver = message.flip().limit() > KIND && message.get(KIND) == ENDS;
            datagrams.send(message, client);
        }
    }

    @Override
    public long served() {
        return served;
    }

    @Override
    public void close() throws IOException {
        datagrams.close();
    }

    private static final class Outsourced implements Datagrams {
        private final VmDatagramChannel channel;

        Outsourced(final Sockets sockets, final InetSocketAddress local) throws IOException {
            channel = sockets.openDatagram(StandardProtocolFamily.INET);
            channel.bind(local);
        }

        @Override
        public SocketAddress receive(final ByteBuffer to) throws IOException {
            return channel.receive(to);
        }

        @Override
        public void send(final ByteBuffer from, final SocketAddress to) throws IOException {
            channel.send(from, to);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** A thread that blocks in recvfrom(2). */
    private static final class Own implements Datagrams {
        private final DatagramChannel channel;

        Own(final InetSocketAddress local) throws IOException {
            channel = DatagramChannel.open(StandardProtocolFamily.INET).bind(local);
        }

        @Override
        public SocketAddress receive(final ByteBuffer to) throws IOException {
            return channel.receive(to);
        }

        @Override
        public void send(final ByteBuffer from, final SocketAddress to) throws IOException {
            channel.send(from, to);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
