package io.vmrpc.bench.worker;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.vmrpc.natives.CpuSet;
import io.vmrpc.natives.Native;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** The plain client that an outsourced stream is held against: Netty's epoll transport, one loop, writes as long as the channel is writable. */
final class NettyStream extends ChannelInboundHandlerAdapter {
    private static final int END_SECONDS = 5;
    private static final int PEER_CPU = 0;
    private final ByteBuf chunk;
    private final long total;
    private final boolean isWithPeer;
    private final ByteBuf count = Unpooled.buffer(Long.BYTES);
    private long sent;

    private NettyStream(final ByteBuf chunk, final long total, final boolean isWithPeer) {
        this.chunk = chunk;
        this.total = total;
        this.isWithPeer = isWithPeer;
    }

    /** Sends, and returns when the peer has said that it got all. The loop's thread is where an agent's would be, else it has the caller's CPU and priority. */
    static void send(final InetSocketAddress sink, final int chunkBytes, final long total, final boolean isWithPeer) throws IOException {
        final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        final NettyStream stream = new NettyStream(Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(chunkBytes)), total, isWithPeer);
        try {
            new Bootstrap().group(loop).channel(EpollSocketChannel.class).option(ChannelOption.ALLOW_HALF_CLOSURE, true).handler(stream)
                .connect(sink).syncUninterruptibly().channel().closeFuture().syncUninterruptibly();
        } finally {
            loop.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
        }
        NetJob.Stream.check(stream.count.isReadable(Long.BYTES) ? stream.count.readLongLE() : -1, total);
    }

    @Override
    public void channelActive(final ChannelHandlerContext context) {
        if (isWithPeer) {
            CpuSet.of(PEER_CPU).applyTo(0);
            Native.vmrpc_set_scheduler(0, Native.SCHED_OTHER, 0);
        }
        write(context);
    }

    @Override
    public void channelWritabilityChanged(final ChannelHandlerContext context) {
        write(context);
    }

    private void write(final ChannelHandlerContext context) {
        while (sent < total && context.channel().isWritable()) {
            sent += chunk.readableBytes();
            final ChannelFuture written = context.write(chunk.retainedDuplicate());
            if (sent >= total) {
                written.addListener(all -> ((SocketChannel)context.channel()).shutdownOutput());
            }
        }
        context.flush();
    }

    @Override
    public void channelRead(final ChannelHandlerContext context, final Object message) {
        final ByteBuf bytes = (ByteBuf)message;
        count.writeBytes(bytes);
        bytes.release();
        if (count.readableBytes() >= Long.BYTES) {
            context.close();
        }
    }
}
