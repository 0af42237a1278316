package io.vmrpc.bench.worker;

import io.vmrpc.bench.report.ProbeVariants;
import io.vmrpc.guest.socket.Sockets;
import io.vmrpc.guest.socket.VmDatagramChannel;
import java.io.Closeable;
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

    private interface Receiver {
        SocketAddress receive(ByteBuffer to) throws IOException;
    }

    private interface Sender {
        int send(ByteBuffer from, SocketAddress to) throws IOException;
    }

    /** A socket that is bound, whoever's it is. */
    private record Datagrams(Receiver receiver, Sender sender, Closeable socket) {
    }

    DatagramEcho(final Sockets sockets, final Job job) throws IOException {
        final InetSocketAddress local = new InetSocketAddress(job.address(), job.port());
        datagrams = job.variant().equals(ProbeVariants.VIRTIO_NET_GUEST) ? own(local) : outsourced(sockets, local);
    }

    /** The guest's own: the thread blocks in recvfrom(2). */
    private static Datagrams own(final InetSocketAddress local) throws IOException {
        final DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET).bind(local);
        return new Datagrams(channel::receive, channel::send, channel);
    }

    private static Datagrams outsourced(final Sockets sockets, final InetSocketAddress local) throws IOException {
        final VmDatagramChannel channel = sockets.openDatagram(StandardProtocolFamily.INET);
        channel.bind(local);
        return new Datagrams(channel::receive, channel::send, channel::close);
    }

    @Override
    public void serve() throws IOException {
        for (boolean isOver = false; !isOver; served++) {
            final SocketAddress client = datagrams.receiver().receive(message.clear());
            isOver = message.flip().limit() > KIND && message.get(KIND) == ENDS;
            datagrams.sender().send(message, client);
        }
    }

    @Override
    public long served() {
        return served;
    }

    @Override
    public void close() throws IOException {
        datagrams.socket().close();
    }
}
