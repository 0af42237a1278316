package io.vmrpc.bench.worker;

import io.vmrpc.guest.RealTimeVcpu;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.socket.Sockets;
import io.vmrpc.guest.socket.VmDatagramChannel;
import io.vmrpc.guest.socket.VmSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/** By sockets of the host; the wait parks the vCPU, one park for all sockets. */
final class OutsourcedExchange implements NetJob.Exchange {
    private static final long SPACE_NS = 1_000_000;
    private final Sockets sockets;
    private final ByteChannel[] channels;
    private final long[] sentNs;
    private final int[] missing;
    private final int payload;
    private final Samples samples;
    private final ByteBuffer answer = ByteBuffer.allocateDirect(65_536);

    OutsourcedExchange(final VmrpcGuest guest, final RealTimeVcpu vcpu, final InetSocketAddress peer, final int count, final boolean isTcp,
        final int payload, final Samples samples) throws IOException {
        sockets = guest.openSockets(vcpu);
        channels = new ByteChannel[count];
        sentNs = new long[count];
        missing = new int[count];
        this.payload = payload;
        this.samples = samples;
        for (int i = 0; i < count; i++) {
            channels[i] = isTcp ? stream(peer) : datagram(peer);
        }
    }

    private ByteChannel stream(final InetSocketAddress peer) throws IOException {
        final VmSocketChannel channel = sockets.openStream(StandardProtocolFamily.INET);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.connect(peer);
        channel.configureBlocking(false);
        return channel;
    }

    private ByteChannel datagram(final InetSocketAddress peer) throws IOException {
        final VmDatagramChannel channel = sockets.openDatagram(StandardProtocolFamily.INET);
        channel.connect(peer);
        channel.configureBlocking(false);
        return channel;
    }

    @Override
    public void send(final int socket, final ByteBuffer request) throws IOException {
        sentNs[socket] = System.nanoTime();
        missing[socket] = payload;
        while (request.hasRemaining()) {
            if (channels[socket].write(request) == 0) {
                sockets.await(System.nanoTime() + SPACE_NS); // the ring is full: the agent lags behind
            }
        }
    }

    @Override
    public boolean isAnswered(final int socket) {
        return missing[socket] == 0;
    }

    @Override
    public void awaitAnswers(final int count) throws IOException {
        int answered = takeAll();
        while (answered < count) {
            sockets.await(Long.MAX_VALUE);
            answered += takeAll();
        }
    }

    /** What has come already, perhaps while another request was sent: it makes no event any more. */
    private int takeAll() throws IOException {
        int answered = 0;
        for (int i = 0; i < channels.length; i++) {
            if (missing[i] > 0 && take(i)) {
                answered++;
            }
        }
        return answered;
    }

    private boolean take(final int socket) throws IOException {
        answer.clear();
        final int length = channels[socket].read(answer);
        if (length < 0) {
            throw new IOException("the peer has closed the connection");
        }
        missing[socket] -= length;
        if (missing[socket] > 0) {
            return false;
        }
        samples.record(System.nanoTime() - sentNs[socket]);
        return true;
    }

    @Override
    public void close() throws IOException {
        sockets.close();
    }
}
