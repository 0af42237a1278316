package io.vmrpc.bench.worker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** By the guest's own sockets: one blocks in the kernel, several are waited for with epoll, as java.nio has it. */
final class OwnExchange implements NetJob.Exchange {
    private final ByteChannel[] channels;
    private final Selector selector;
    private final long[] sentNs;
    private final int[] missing;
    private final int payload;
    private final Samples samples;
    private final ByteBuffer answer = ByteBuffer.allocateDirect(65_536);
    private int answered;

    OwnExchange(final InetSocketAddress peer, final int count, final boolean isTcp, final int payload, final Samples samples) throws IOException {
        channels = new ByteChannel[count];
        sentNs = new long[count];
        missing = new int[count];
        this.payload = payload;
        this.samples = samples;
        selector = count == 1 ? null : Selector.open();
        for (int i = 0; i < count; i++) {
            final SelectableChannel channel = isTcp ? SocketChannel.open(peer).setOption(StandardSocketOptions.TCP_NODELAY, true)
                : DatagramChannel.open().connect(peer);
            channels[i] = (ByteChannel)channel;
            if (selector != null) {
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, i);
            }
        }
    }

    @Override
    public void send(final int socket, final ByteBuffer request) throws IOException {
        sentNs[socket] = System.nanoTime();
        missing[socket] = payload;
        while (request.hasRemaining()) {
            channels[socket].write(request);
        }
    }

    @Override
    public boolean isAnswered(final int socket) {
        return missing[socket] == 0;
    }

    @Override
    public void awaitAnswers(final int count) throws IOException {
        answered = 0;
        while (answered < count) {
            if (selector == null) {
                take(0);
            } else {
                selector.select(key -> takeUnchecked((int)key.attachment()));
            }
        }
    }

    private void takeUnchecked(final int socket) {
        try {
            take(socket);
        } catch (final IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void take(final int socket) throws IOException {
        answer.clear();
        final int length = channels[socket].read(answer);
        if (length < 0) {
            throw new IOException("the peer has closed the connection");
        }
        missing[socket] -= length;
        if (length > 0 && missing[socket] == 0) {
            samples.record(System.nanoTime() - sentNs[socket]);
            answered++;
        }
    }

    @Override
    public void close() throws IOException {
        for (final ByteChannel channel : channels) {
            channel.close();
        }
        if (selector != null) {
            selector.close();
        }
    }
}
