package io.vmrpc.bench.peer;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.vmrpc.bench.report.PeerVariants;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Plain Netty over a Unix socket, epoll, frames with a length. The caller's thread drives its own event loop, so that no call is handed to another thread. */
final class NettyCalls implements Way {
    private static final int HEAD = Integer.BYTES;
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(1);

    @Override
    public String variant() {
        return PeerVariants.NETTY_UDS;
    }

    private static ChannelHandler framed(final ChannelHandler handler) {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(final Channel channel) {
                channel.pipeline().addLast(new LengthFieldBasedFrameDecoder(HEAD + LONGEST, 0, HEAD, 0, HEAD), new LengthFieldPrepender(HEAD), handler);
            }
        };
    }

    @ChannelHandler.Sharable
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(final ChannelHandlerContext context, final Object message) {
            context.writeAndFlush(message, context.voidPromise());
        }
    }

    @Override
    public Server serve(final Path folder, final int bytes) throws InterruptedException {
        final DomainSocketAddress address = new DomainSocketAddress(folder.resolve("netty.sock").toFile());
        final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        final Channel server = new ServerBootstrap().group(loop).channel(EpollServerDomainSocketChannel.class).childHandler(framed(new Echo()))
            .bind(address).sync().channel();
        return new Server() {
            @Override
            public String address() {
                return address.path();
            }

            @Override
            public void close() {
                server.close().syncUninterruptibly();
                loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
            }
        };
    }

    @Override
    public Caller connect(final String address) throws IOException {
        return new LoopCaller(new DomainSocketAddress(address));
    }

    private static final class LoopCaller extends ChannelInboundHandlerAdapter implements Caller {
        private final ManualIoEventLoop loop = new ManualIoEventLoop(Thread.currentThread(), EpollIoHandler.newFactory());
        private final byte[] request = Way.request();
        private final byte[] answer = new byte[LONGEST];
        private final Channel channel;
        private int answered;
        private IOException failure;

        LoopCaller(final DomainSocketAddress address) throws IOException {
            final var connected = new Bootstrap().group(loop).channel(EpollDomainSocketChannel.class).handler(framed(this)).connect(address);
            while (!connected.isDone()) {
                loop.run(LONG_NS);
            }
            if (!connected.isSuccess()) {
                throw new IOException("cannot connect to " + address, connected.cause());
            }
            channel = connected.channel();
        }

        @Override
        public int call(final int length) throws IOException {
            answered = -1;
            channel.writeAndFlush(channel.alloc().directBuffer(length).writeBytes(request, 0, length), channel.voidPromise());
            while (answered < 0) {
                loop.run(LONG_NS);
                if (failure != null) {
                    throw failure;
                }
            }
            return answered;
        }

        @Override
        public void channelRead(final ChannelHandlerContext context, final Object message) {
            final ByteBuf frame = (ByteBuf)message;
            answered = frame.readableBytes();
            frame.readBytes(answer, 0, answered).release();
        }

        @Override
        public void channelInactive(final ChannelHandlerContext context) {
            failure = new IOException("the server closed the connection");
        }

        @Override
        public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause) {
            failure = new IOException("the connection failed: " + cause.getMessage(), cause);
        }

        @Override
        public byte answer(final int index) {
            return answer[index];
        }

        @Override
        public void close() {
            channel.close();
            loop.shutdownGracefully(0, 5, TimeUnit.SECONDS);
            while (!loop.isTerminated()) {
                loop.run(LONG_NS / 1_000);
            }
        }
    }
}
